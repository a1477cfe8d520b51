namespace Serverless.Platform.Datasets.Profiles;

/// <summary>Compares the rows that were just loaded with the profile of the version before.</summary>
internal sealed class DatasetComparer(DatasetProfiler profiler)
{
    private const double MeanBound = 0.5;

    /// <summary>By which factor the share of a class of the target has to rise or fall.</summary>
    private const double ClassBound = 2;

    private const double Deviations = 4;

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
            [.. after.Columns.Where(c => earlier.ContainsKey(c.Name)).Select(c => Compare(earlier[c.Name], before.Rows, c, after.Rows, cancellationToken))])
        {
            Target = before.Target is { } was && after.Target is { } now && was.Name == now.Name
                ? CompareTarget(was, before.Rows, now, after.Rows, cancellationToken) : null,
        };
    }

    private ColumnComparison CompareTarget(ColumnProfile before, long rowsBefore, ColumnProfile after, long rowsAfter, CancellationToken cancellationToken)
    {
        var compared = Compare(before, rowsBefore, after, rowsAfter, cancellationToken);
        if (before.TopCategories is { } classesBefore && after.TopCategories is { } classesAfter)
        {
            var (was, now) = (RowsOf(classesBefore), RowsOf(classesAfter));
            var classes = classesAfter.Concat(classesBefore).Select(c => c.Value).Distinct(StringComparer.Ordinal)
                .Select(c => (Name: c, Before: was.GetValueOrDefault(c), After: now.GetValueOrDefault(c))).ToList();
            return compared with
            {
                Classes = [.. classes.Select(c => new ClassShift(c.Name, Share(c.Before, rowsBefore), Share(c.After, rowsAfter)))],
                HasShifted = compared.HasShifted || classes.Exists(c => HasMultiplied(c.Before, rowsBefore, c.After, rowsAfter)),
            };
        }

        return before.Numbers is { } numbersBefore && after.Numbers is { } numbersAfter
            ? compared with
            {
                Quantiles =
                [
                    .. numbersAfter.Quantiles.Join(
                        numbersBefore.Quantiles, q => q.Probability, q => q.Probability, (q, earlier) => new QuantileShift(q.Probability, earlier.Value, q.Value)),
                ],
            }
            : compared;

        static Dictionary<string, long> RowsOf(IReadOnlyList<CategoryCount> classes) => classes.ToDictionary(c => c.Value, c => c.Count, StringComparer.Ordinal);
    }

    /// <summary>Whether a class is at least twice as frequent as it was, or half as frequent, and not by chance.</summary>
    private static bool HasMultiplied(long before, long rowsBefore, long after, long rowsAfter)
    {
        var (was, now) = ((double)before / Math.Max(1, rowsBefore), (double)after / Math.Max(1, rowsAfter));
        var both = (double)(before + after) / Math.Max(1, rowsBefore + rowsAfter);
        return (now >= ClassBound * was || was >= ClassBound * now)
            && Math.Abs(now - was) > Math.Sqrt(both * (1 - both)) * ByChance(rowsBefore, rowsAfter);
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
    private static double ByChance(long before, long after) => Deviations * Math.Sqrt((1.0 / Math.Max(1, before)) + (1.0 / Math.Max(1, after)));

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
