using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>
/// One feature for a column of many categories: how often rows of the category are positive (of a number to predict: the mean of its labels, which are
/// in standard deviations from the mean of all), drawn towards the overall rate the more, the fewer
/// rows there are. Micci-Barreca, A preprocessing scheme for high-cardinality categorical attributes, SIGKDD Explorations 3, 2001.
/// </summary>
/// <param name="Known">The categories with a rate of their own, in ordinal order.</param>
/// <param name="Rates">For each of them its rate.</param>
/// <param name="Other">The overall rate, for all other categories.</param>
public sealed record CategoryRates(IReadOnlyList<string> Known, IReadOnlyList<float> Rates, float Other)
{
    /// <summary>Columns of at most this many categories are told apart well enough by a 0/1 feature each.</summary>
    public const int FewCategories = 12;

    /// <summary>How many rows of the overall rate are added to those of a category.</summary>
    public const double Smoothing = 10;

    /// <summary>How often a category has to occur for a rate of its own.</summary>
    public const int LeastCount = 2;

    /// <summary>In how many parts training rows are encoded by each other.</summary>
    private const int Parts = 5;

    private const ulong PartKey = 0x5DEECE66D;

    /// <returns>Null when the column has few categories.</returns>
    public static CategoryRates? Learn(string[] values, float[] labels)
    {
        var all = Enumerable.Range(0, values.Length).ToArray();
        return values.Distinct(StringComparer.Ordinal).Count() > FewCategories ? Learn(values, labels, all) : null;
    }

    /// <summary>The feature for any rows.</summary>
    public float[] ToFeature(string[] values) => LookUp(values, Known, Rates, Other);

    /// <summary>For each value the number of its category; of one that is not known <paramref name="other"/>.</summary>
    internal static float[] LookUp(string[] values, IReadOnlyList<string> known, IReadOnlyList<float> numbers, float other)
    {
        var numberOf = known.Zip(numbers).ToDictionary(k => k.First, k => k.Second, StringComparer.Ordinal);
        return Array.ConvertAll(values, value => numberOf.GetValueOrDefault(value, other));
    }

    /// <summary>The feature for the rows it is learned from: each row by the rates of the other parts. Equal rows are in one part.</summary>
    internal static float[] OutOfFold(string[] values, float[] labels, ulong[] rowHashes)
    {
        var parts = rowHashes.Select(h => (int)(SplitMix64.Mix(h ^ PartKey) % Parts)).ToArray();
        var feature = new float[values.Length];
        for (var part = 0; part < Parts; part++)
        {
            int[] others = [.. Enumerable.Range(0, values.Length).Where(r => parts[r] != part)];
            int[] rows = [.. Enumerable.Range(0, values.Length).Where(r => parts[r] == part)];
            var encoded = Learn(values, labels, others).ToFeature([.. rows.Select(r => values[r])]);
            for (var i = 0; i < rows.Length; i++) feature[rows[i]] = encoded[i];
        }

        return feature;
    }

    private static CategoryRates Learn(string[] values, float[] labels, int[] rows)
    {
        var counts = new Dictionary<string, (int Rows, double Sum)>(StringComparer.Ordinal);
        var sum = 0.0;
        foreach (var row in rows)
        {
            var (count, before) = counts.GetValueOrDefault(values[row]);
            counts[values[row]] = (count + 1, before + labels[row]);
            sum += labels[row];
        }

        var overall = rows.Length == 0 ? 0 : sum / rows.Length;
        var known = counts.Where(c => c.Value.Rows >= LeastCount).OrderBy(c => c.Key, StringComparer.Ordinal).ToArray();
        return new CategoryRates(
            [.. known.Select(c => c.Key)],
            [.. known.Select(c => (float)((c.Value.Sum + (Smoothing * overall)) / (c.Value.Rows + Smoothing)))],
            (float)overall);
    }
}
