using System.Globalization;

namespace Serverless.Platform.Evaluation;

/// <summary>Cuts the rows of a sensitive column into groups: numbers into quantile bands, anything else by its text.</summary>
internal static class SensitiveGroups
{
    public const string Missing = "(missing)";

    public const int MostBands = 4;

    /// <param name="values">One per row; empty where missing.</param>
    /// <param name="leastRows">Bands are made no smaller than this where the values allow it.</param>
    /// <returns>The groups in reading order (bands ascending, then names), each with its rows; the missing values last.</returns>
    public static IReadOnlyList<(string Group, int[] Rows)> Of(string[] values, int leastRows)
    {
        int[] present = [.. Enumerable.Range(0, values.Length).Where(r => values[r].Length > 0)];
        int[] missing = [.. Enumerable.Range(0, values.Length).Where(r => values[r].Length == 0)];
        var groups = Numbers(values, present) is { } numbers
            ? Bands(numbers, present, leastRows)
            : [.. present.GroupBy(r => values[r], StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.ToArray()))];
        return missing.Length == 0 ? groups : [.. groups, (Missing, missing)];
    }

    /// <returns>The number in each of the rows, or null if they are not numbers, or so few different ones that each is a category.</returns>
    private static double[]? Numbers(string[] values, int[] rows)
    {
        var numbers = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            if (!double.TryParse(values[rows[i]], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i])) return null;
        }

        return numbers.Distinct().Skip(MostBands).Any() ? numbers : null;
    }

    private static List<(string Group, int[] Rows)> Bands(double[] numbers, int[] rows, int leastRows)
    {
        Array.Sort(numbers, rows);
        var count = Math.Clamp(numbers.Length / leastRows, 1, MostBands);
        var cuts = new List<int> { 0 };
        for (var band = 1; band < count; band++)
        {
            var cut = (int)((long)numbers.Length * band / count);
            // Equal numbers stay in one band.
            while (cut < numbers.Length && numbers[cut] == numbers[cut - 1]) cut++;
            if (cut - cuts[^1] >= leastRows && numbers.Length - cut >= leastRows) cuts.Add(cut);
        }

        cuts.Add(numbers.Length);
        return [.. cuts.Zip(cuts.Skip(1), (from, to) => (Label(numbers[from], numbers[to - 1]), rows[from..to]))];
    }

    private static string Label(double low, double high) =>
        low == high ? low.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{low} to {high}");
}
