using Serverless.Platform.Datasets;

namespace Serverless.Platform.Evaluation;

/// <summary>
/// How well each feature alone ranks the target. Numbers are ranked by value, either way round, and by the positive rate of their quantile band, so
/// that what is risky at both ends shows too; categories by their positive rate. Rates come from the other half of the rows: a category of
/// one row cannot know its own label.
/// </summary>
internal static class SingleFeatures
{
    // Each feature is sorted a few times; so many rows take about 20 ms a feature and leave an AUC of 0.95 uncertain by 0.002.
    private const int MostRows = 50_000;
    private const int Bands = 32;

    /// <returns>Every feature, the strongest first.</returns>
    public static IReadOnlyList<FeatureStrength> Measure(LabeledTable train, CancellationToken cancellationToken)
    {
        int[] rows = [.. Enumerable.Range(0, train.RowCount)];
        if (rows.Length > MostRows)
        {
            // By their hashes, so that the choice does not depend on the order of files.
            Array.Sort((ulong[])train.RowHashes.Clone(), rows);
            rows = rows[..MostRows];
        }

        float[] labels = [.. rows.Select(r => train.Labels[r])];
        bool[] half = [.. rows.Select(r => (SplitMix64.Mix(train.RowHashes[r]) & 1) == 1)];
        var strengths = new List<FeatureStrength>();
        for (var c = 0; c < train.Features.Columns.Count; c++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var column = train.Features.Columns[c];
            var auc = column.Kind.IsNumeric()
                ? OfNumbers([.. rows.Select(r => train.Features.Numbers(c)[r])], labels, half)
                : Auc(RatesOfTheOtherHalf(train.Features.Categories(c), rows, labels, half), labels);
            strengths.Add(new FeatureStrength(column.Name, auc));
        }

        return [.. strengths.OrderByDescending(s => s.RocAuc).ThenBy(s => s.Column, StringComparer.Ordinal)];
    }

    private static double OfNumbers(float[] numbers, float[] labels, bool[] half)
    {
        var ranks = new float[numbers.Length];
        var bands = new int[numbers.Length];
        int[] order = [.. Enumerable.Range(0, numbers.Length)];
        // Missing values sort before all numbers.
        Array.Sort((float[])numbers.Clone(), order);
        for (var i = 0; i < order.Length;)
        {
            var start = i;
            for (; i < order.Length && numbers[order[i]].Equals(numbers[order[start]]); i++)
            {
                ranks[order[i]] = (start + 1f) / order.Length;
                bands[order[i]] = float.IsNaN(numbers[order[start]]) ? -1 : (int)((long)start * Bands / order.Length);
            }
        }

        var missingLast = Array.ConvertAll(Enumerable.Range(0, ranks.Length).ToArray(), r => bands[r] < 0 ? 1f : ranks[r] / 2);
        var best = Math.Max(Auc(ranks, labels), Auc(RatesOfTheOtherHalf(bands, [.. Enumerable.Range(0, bands.Length)], labels, half), labels));
        return bands.Contains(-1) ? Math.Max(best, Auc(missingLast, labels)) : best;
    }

    private static float[] RatesOfTheOtherHalf<T>(T[] values, int[] rows, float[] labels, bool[] half)
        where T : notnull
    {
        var counts = new Dictionary<(T Value, bool Half), (int Rows, float Positives)>();
        for (var i = 0; i < rows.Length; i++)
        {
            var seen = counts.GetValueOrDefault((values[rows[i]], half[i]));
            counts[(values[rows[i]], half[i])] = (seen.Rows + 1, seen.Positives + labels[i]);
        }

        var mean = labels.Average();
        return [.. rows.Select((row, i) => counts.TryGetValue((values[row], !half[i]), out var other) ? (other.Positives + mean) / (other.Rows + 1) : mean)];
    }

    private static double Auc(float[] scores, float[] labels)
    {
        var auc = new ScoreRanking(scores, labels).Measure().RocAuc;
        return Math.Max(auc, 1 - auc);
    }
}
