namespace Serverless.Platform.Training;

/// <summary>
/// What a date becomes: days since 1970-01-01, month, day of the week (Monday is 1) and day of the month; all NaN where the date is missing. The graph's nodes
/// compute the same in the same order, by floats all of which are whole numbers that a float holds exactly (Hinnant, chrono-Compatible Low-Level Date Algorithms).
/// </summary>
internal static class DateFeatures
{
    /// <summary>Features of a date.</summary>
    public const int Count = 4;

    /// <summary>Days further from 1970 than this are no dates of years 1 to 9999, and count as missing.</summary>
    public const float FurthestDay = 3_000_000;

    // From 0000-03-01, with which a cycle of 400 years begins, to 1970-01-01.
    private const float EpochDay = 719_468;
    private const float CycleDays = 146_097;

    /// <summary>The days, or NaN where they are no date.</summary>
    public static float Known(float days) => MathF.Abs(days) > FurthestDay ? float.NaN : days;

    public static (float Days, float Month, float Weekday, float Day) Of(float days)
    {
        days = Known(days);
        var weekday = days + 3;
        weekday -= 7 * MathF.Floor(weekday / 7);
        var past = days + EpochDay;
        var inCycle = past - (CycleDays * MathF.Floor(past / CycleDays));
        var year = MathF.Floor((inCycle - MathF.Floor(inCycle / 1_460) + MathF.Floor(inCycle / 36_524) - MathF.Floor(inCycle / 146_096)) / 365);
        var inYear = inCycle - ((365 * year) + MathF.Floor(year / 4) - MathF.Floor(year / 100));
        var fromMarch = MathF.Floor(((5 * inYear) + 2) / 153);
        var day = inYear - MathF.Floor(((153 * fromMarch) + 2) / 5) + 1;
        return (days, fromMarch < 10 ? fromMarch + 3 : fromMarch - 9, weekday + 1, day);
    }

    /// <summary>Writes the features of a column of dates: days for all dates first, then months, and so on.</summary>
    /// <param name="column">The dates.</param>
    /// <param name="missing">What stands for a missing date; NaN where it stays one.</param>
    /// <param name="into">Where the first row's days go.</param>
    /// <param name="dates">How many columns of dates there are.</param>
    /// <param name="width">How many features a row has.</param>
    public static void Encode(float[] column, float missing, Span<float> into, int dates, int width)
    {
        for (var row = 0; row < column.Length; row++)
        {
            var at = into[(row * width)..];
            var days = Known(column[row]);
            (at[0], at[dates], at[2 * dates], at[3 * dates]) = Of(float.IsNaN(days) ? missing : days);
        }
    }

    /// <summary>The nodes that do the same to a matrix of dates.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="dates">The matrix.</param>
    /// <param name="missing">For each of its columns what stands for a missing date.</param>
    /// <returns>The matrices of days, months, weekdays and days of the month.</returns>
    public static string[] Write(OnnxGraph graph, string dates, IReadOnlyList<float> missing)
    {
        var arithmetic = new Arithmetic(graph);
        var extreme = graph.Node("Greater", [graph.Node("Abs", [dates], Inner("date-magnitude")), arithmetic.Constant(FurthestDay)], Inner("no-date"));
        var days = ModelGraph.Imputed(graph, graph.Node("Where", [extreme, arithmetic.Constant(float.NaN), dates], Inner("days")), missing);
        var shifted = arithmetic.Add(days, 3);
        var weekday = arithmetic.Subtract(shifted, arithmetic.Multiply(arithmetic.Quotient(shifted, 7), 7));
        var past = arithmetic.Add(days, EpochDay);
        var inCycle = arithmetic.Subtract(past, arithmetic.Multiply(arithmetic.Quotient(past, CycleDays), CycleDays));
        var year = arithmetic.Subtract(inCycle, arithmetic.Quotient(inCycle, 1_460));
        year = arithmetic.Add(year, arithmetic.Quotient(inCycle, 36_524));
        year = arithmetic.Subtract(year, arithmetic.Quotient(inCycle, 146_096));
        year = arithmetic.Quotient(year, 365);
        var before = arithmetic.Add(arithmetic.Multiply(year, 365), arithmetic.Quotient(year, 4));
        var inYear = arithmetic.Subtract(inCycle, arithmetic.Subtract(before, arithmetic.Quotient(year, 100)));
        var fromMarch = arithmetic.Quotient(arithmetic.Add(arithmetic.Multiply(inYear, 5), 2), 153);
        var firstOfMonth = arithmetic.Quotient(arithmetic.Add(arithmetic.Multiply(fromMarch, 153), 2), 5);
        var day = arithmetic.Add(arithmetic.Subtract(inYear, firstOfMonth), 1);
        var isThisYear = graph.Node("Less", [fromMarch, arithmetic.Constant(10)], Inner("is-before-january"));
        var month = graph.Node("Where", [isThisYear, arithmetic.Add(fromMarch, 3), arithmetic.Add(fromMarch, -9)], Inner("month"));
        return [days, month, arithmetic.Add(weekday, 1), day];
    }

    private static string Inner(string name) => ModelGraph.Inner + name;

    /// <summary>Nodes and constants with names of their own.</summary>
    private sealed class Arithmetic(OnnxGraph graph)
    {
        private readonly Dictionary<int, string> constants = [];
        private int count;

        public string Constant(float value)
        {
            var bits = BitConverter.SingleToInt32Bits(value);
            return constants.TryGetValue(bits, out var known) ? known : constants[bits] = graph.Scalar(Inner($"date-constant-{constants.Count}"), value);
        }

        public string Add(string left, string right) => Node("Add", left, right);

        public string Add(string left, float right) => Node("Add", left, Constant(right));

        public string Subtract(string left, string right) => Node("Sub", left, right);

        public string Multiply(string left, float right) => Node("Mul", left, Constant(right));

        /// <summary>How often a number is in another.</summary>
        public string Quotient(string left, float right) => graph.Node("Floor", [Node("Div", left, Constant(right))], Next());

        private string Node(string operation, string left, string right) => graph.Node(operation, [left, right], Next());

        private string Next() => Inner($"date-{count++}");
    }
}
