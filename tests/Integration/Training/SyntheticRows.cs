using Serverless.Platform.Datasets;

namespace Serverless.Tests.Integration.Training;

/// <summary>Random tables with a target that depends on their columns, for shapes of data that the sample does not have.</summary>
internal static class SyntheticRows
{
    /// <param name="names">A name for each column.</param>
    /// <param name="kinds">For each column <c>n</c> for a number, <c>c</c> for a category, <c>b</c> for a boolean, <c>d</c> for a date, <c>t</c> for a text.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="seed">The same seed gives the same rows.</param>
    /// <param name="extremes">Whether numbers may be infinite or near the greatest float.</param>
    public static LabeledTable Of(string[] names, string kinds, int count, int seed, bool extremes = false)
    {
        var random = new Random(seed);
        var signal = new double[count];
        var values = kinds.Select((kind, c) => kind switch
        {
            'n' => (Array)Numbers(random, signal, extremes),
            'b' => Booleans(random, signal),
            'd' => Dates(random, signal),
            't' => Texts(random, signal),
            _ => Categories(random, signal, c),
        }).ToArray();
        return new LabeledTable(
            new FeatureTable([.. names.Select((n, c) => new FeatureColumn(n, KindOf(kinds[c])))], values, count),
            [.. signal.Select(s => s + random.NextDouble() - 0.5 > 0 ? 1f : 0f)],
            [.. signal.Select(_ => (ulong)random.NextInt64())],
            new Dictionary<string, string[]>());
    }

    private static ColumnKind KindOf(char kind) => kind switch
    {
        'n' => ColumnKind.Number,
        'b' => ColumnKind.Boolean,
        'd' => ColumnKind.Date,
        't' => ColumnKind.Text,
        _ => ColumnKind.Category,
    };

    private static string[] Booleans(Random random, double[] signal)
    {
        string[] words = ["yes", "NO", "True", "fAlSe", "1", "0", "", "perhaps", "Y", "n"];
        var values = new string[signal.Length];
        for (var row = 0; row < values.Length; row++)
        {
            var word = random.Next(words.Length);
            signal[row] += word % 2 == 0 ? 0.4 : -0.4;
            values[row] = words[word];
        }

        return values;
    }

    private static float[] Dates(Random random, double[] signal)
    {
        float[] odd = [float.NaN, float.PositiveInfinity, -719_162, 2_932_896, 1e9f, -1e9f, 11_016, -1];
        var days = new float[signal.Length];
        for (var row = 0; row < days.Length; row++)
        {
            days[row] = random.Next(8) == 0 ? odd[random.Next(odd.Length)] : random.Next(-8_000, 25_000);
            signal[row] += days[row] % 7 < 3 ? 0.4 : -0.4;
        }

        return days;
    }

    private static string[] Texts(Random random, double[] signal)
    {
        string[] words =
        [
            "loan", "LOAN", "Loan", "lOAN", "für", "FÜR", "straße", "x", "42", "late", "Late,", "(paid)", "—", "年齢", "年 齢",
            "e\u0301te\u0301", "Éte", "😀", "😀😀", "\ud800",
            "don't", "a.b", "\t", "\u00a0", "naïve", "it", "ſo", "SO", "so",
        ];
        var texts = new string[signal.Length];
        for (var row = 0; row < texts.Length; row++)
        {
            var chosen = Enumerable.Range(0, random.Next(12)).Select(_ => words[random.Next(words.Length)]).ToArray();
            signal[row] += chosen.Contains("late") ? 0.6 : -0.2;
            texts[row] = random.Next(200) == 0 ? string.Join("", Enumerable.Repeat("Loan ", 800)) : string.Join(random.Next(2) == 0 ? " " : "-", chosen);
        }

        return texts;
    }

    private static float[] Numbers(Random random, double[] signal, bool extremes)
    {
        float[] rare = [float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, 1e38f, -1e38f, 1.1e38f, float.Epsilon, -0f];
        var numbers = new float[signal.Length];
        for (var row = 0; row < numbers.Length; row++)
        {
            var number = (random.NextDouble() - 0.5) * 4;
            var missing = random.Next(8) == 0;
            signal[row] += missing ? 0.5 : Math.Sin(number * 2);
            numbers[row] = missing ? float.NaN : extremes && random.Next(10) == 0 ? rare[random.Next(rare.Length)] : (float)number;
        }

        return numbers;
    }

    private static string[] Categories(Random random, double[] signal, int column)
    {
        var categories = new string[signal.Length];
        for (var row = 0; row < categories.Length; row++)
        {
            var category = random.Next(6);
            signal[row] += category % 2 == 0 ? 0.4 : -0.4;
            categories[row] = category == 0 ? "" : $"größe {column} / {category}";
        }

        return categories;
    }
}
