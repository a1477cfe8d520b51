namespace Serverless.Platform.Evaluation;

/// <summary>
/// Percentile bootstrap intervals (Efron, Tibshirani: An Introduction to the Bootstrap, 1993, ch. 13) of all metrics at once. Each
/// resample has rows of every class. KS and PR AUC are biased upward under
/// resampling; where that would leave the value outside of its interval, the interval is widened to hold it.
/// Where no row is wrong every resample has the same value, and says nothing of the next row: then the bound for so many rows without an error stands
/// instead (Clopper, Pearson, Biometrika 26, 1934), of a metric that classes count in by the rows of the smallest.
/// </summary>
internal static class MetricIntervals
{
    public static int ResamplesFor(TaskScores rows) => Bootstrap.ResamplesFor((long)rows.Rows * rows.Passes);

    /// <param name="rows">Scores and labels.</param>
    /// <param name="metrics">Metrics of their task.</param>
    /// <param name="seed">The same seed gives the same intervals.</param>
    /// <param name="cancellationToken">Checked before every resample.</param>
    public static IReadOnlyDictionary<string, MetricEstimate> Of(TaskScores rows, IReadOnlyList<string> metrics, int seed, CancellationToken cancellationToken)
    {
        var random = new SplitMix64(SplitMix64.Mix((uint)seed + 2UL));
        var drawn = Bootstrap.Draw(rows.Strata, rows.Rows, ResamplesFor(rows), random, weights => rows.Measure(metrics, weights), cancellationToken);
        var values = rows.Measure(metrics);
        return metrics.Index().ToDictionary(m => m.Item, m => Estimate(m.Item, values[m.Index], [.. drawn.Select(d => d[m.Index]).Order()], rows));
    }

    private static MetricEstimate Estimate(string metric, double value, double[] sorted, TaskScores rows)
    {
        if (value is 0 or 1 && sorted[0] == value && sorted[^1] == value && IsOfRowsRight(metric))
        {
            var least = OfSuccesses(metric == MetricNames.Accuracy ? rows.Rows : rows.Strata.Min(s => s.Length));
            return value == 1 ? new MetricEstimate(1, least, 1) : new MetricEstimate(0, 0, 1 - least);
        }

        return new(value, Math.Min(value, Bootstrap.Quantile(sorted, 0.025)), Math.Max(value, Bootstrap.Quantile(sorted, 0.975)));
    }

    /// <summary>The least probability that so many successes in a row leave, at 97.5%.</summary>
    internal static double OfSuccesses(int count) => Math.Pow(0.025, 1.0 / count);

    /// <summary>Whether a metric is at 1 when all rows are right, and at 0 when none is.</summary>
    private static bool IsOfRowsRight(string metric) => metric is MetricNames.RocAuc or MetricNames.PrAuc or MetricNames.Ks
        or MetricNames.Accuracy or MetricNames.BalancedAccuracy or MetricNames.MacroF1;
}
