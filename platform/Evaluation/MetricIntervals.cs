namespace Serverless.Platform.Evaluation;

/// <summary>
/// Percentile bootstrap intervals (Efron, Tibshirani: An Introduction to the Bootstrap, 1993, ch. 13) of all metrics at once. Each
/// resample has rows of every class. KS and PR AUC are biased upward under
/// resampling; where that would leave the value outside of its interval, the interval is widened to hold it.
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
        return metrics.Index().ToDictionary(m => m.Item, m => Estimate(values[m.Index], [.. drawn.Select(d => d[m.Index]).Order()]));
    }

    private static MetricEstimate Estimate(double value, double[] sorted) =>
        new(value, Math.Min(value, Bootstrap.Quantile(sorted, 0.025)), Math.Max(value, Bootstrap.Quantile(sorted, 0.975)));
}
