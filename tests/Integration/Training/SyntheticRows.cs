using Serverless.Platform.Datasets;

namespace Serverless.Tests.Integration.Training;

/// <summary>Random tables with a target that depends on their columns, for shapes of data that the sample does not have.</summary>
internal static class SyntheticRows
{
    /// <param name="names">A name for each column.</param>
    /// <param name="kinds">For each column <c>n</c> for a number or <c>c</c> for a category.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="seed">The same seed gives the same rows.</param>
    /// <param name="extremes">Whether numbers may be infinite or near the greatest float.</param>
    public static LabeledTable Of(string[] names, string kinds, int count, int seed, bool extremes = false)
    {
        var random = new Random(seed);
        var signal = new double[count];
        var values = kinds.Select((kind, c) => kind == 'n' ? (Array)Numbers(random, signal, extremes) : Categories(random, signal, c)).ToArray();
        return new LabeledTable(
            new FeatureTable([.. names.Select((n, c) => new FeatureColumn(n, kinds[c] == 'n' ? ColumnKind.Number : ColumnKind.Category))], values, count),
            [.. signal.Select(s => s + random.NextDouble() - 0.5 > 0 ? 1f : 0f)],
            [.. signal.Select(_ => (ulong)random.NextInt64())],
            new Dictionary<string, string[]>());
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
