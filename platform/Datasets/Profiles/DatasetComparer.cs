namespace Serverless.Platform.Datasets.Profiles;

/// <summary>Compares the rows that were just loaded with the profile of the version before.</summary>
internal sealed class DatasetComparer(DatasetProfiler profiler)
{
    private const double MeanBound = 0.5;

    public DatasetComparison Compare(DatasetProfile before, DatasetProfile after, CancellationToken cancellationToken)
    {
        var earlier = before.Columns.ToDictionary(c => c.Name, StringComparer.Ordinal);
        var later = after.Columns.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        return new DatasetComparison(
            before.Version,
            after.Version,
            before.Rows,
            after.Rows,
            [.. after.Columns.Select(c => c.Name).Where(c => !earlier.ContainsKey(c))],
            [.. before.Columns.Select(c => c.Name).Where(c => !later.Contains(c))],
            [.. after.Columns.Where(c => earlier.ContainsKey(c.Name)).Select(c => Compare(earlier[c.Name], before.Rows, c, after.Rows, cancellationToken))]);
    }

    private ColumnComparison Compare(ColumnProfile before, long rowsBefore, ColumnProfile after, long rowsAfter, CancellationToken cancellationToken)
    {
        var meanShift = before.Numbers is { StandardDeviation: > 0 and { } deviation } was && after.Numbers is { } now ? (now.Mean - was.Mean) / deviation : (double?)null;
        var bins = before.Kind == after.Kind ? Bins(before, after, cancellationToken) : null;
        var stability = bins is { } b ? StabilityIndex.Of(b.Before, b.After) : (double?)null;
        var chance = bins is { } counted ? StabilityIndex.ByChance(counted.Before.Count, rowsBefore, rowsAfter) : (double?)null;
        return new ColumnComparison(
            before.Name, before.Kind, after.Kind, Share(before.Missing, rowsBefore), Share(after.Missing, rowsAfter),
            meanShift, stability, chance,
            (stability >= StabilityIndex.Bound && stability > chance) || (Math.Abs(meanShift ?? 0) >= MeanBound && Math.Abs(meanShift ?? 0) > ByChance(before.Count, after.Count)));
    }

    /// <summary>What the difference of two means, in standard deviations of a row, exceeds by chance about once in fifteen thousand times.</summary>
    private static double ByChance(long before, long after) => 4 * Math.Sqrt((1.0 / Math.Max(1, before)) + (1.0 / Math.Max(1, after)));

    /// <summary>The rows of both versions over the same bins; null where the version before has none.</summary>
    private (IReadOnlyList<long> Before, IReadOnlyList<long> After)? Bins(ColumnProfile before, ColumnProfile after, CancellationToken cancellationToken)
    {
        if (before.Bands is { } bands)
        {
            return ([.. bands.Counts, before.Missing], [.. profiler.CountBands(after, bands.Edges, cancellationToken).Counts, after.Missing]);
        }

        if (before.TopCategories is { Count: > 0 } top)
        {
            var counts = profiler.CountEqual(after, [.. top.Select(c => c.Value)], cancellationToken);
            return (
                [.. top.Select(c => c.Count), before.Count - top.Sum(c => c.Count), before.Missing],
                [.. counts, after.Count - counts.Sum(), after.Missing]);
        }

        return null;
    }

    private static double Share(long part, long all) => Math.Round((double)part / Math.Max(1, all), 6);
}
