using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>
/// Compares two models on the same rows by a paired bootstrap (Efron, Tibshirani: An Introduction to the Bootstrap, 1993, ch. 13): both are measured on
/// each resample, so what is hard for both cancels out, and the interval is of the difference itself.
/// </summary>
public static class PairedComparison
{
    /// <param name="candidate">The candidate's scores and what is true.</param>
    /// <param name="champion">The champion's scores of the same rows, of the same classes.</param>
    /// <param name="version">The champion's version.</param>
    /// <param name="cancellationToken">Checked before every resample.</param>
    /// <exception cref="ArgumentException">Scores or labels do not fit the task or one another.</exception>
    public static ComparisonReport Of(EvaluationInput candidate, float[] champion, int version, CancellationToken cancellationToken)
    {
        var metrics = MetricNames.For(candidate.Task).All;
        var (one, other) = (Rows(candidate, candidate.Scores), Rows(candidate, champion));
        // Two models are measured on each resample, for the cost of two.
        var resamples = Bootstrap.ResamplesFor(2L * one.Rows * one.Passes);
        var random = new SplitMix64(SplitMix64.Mix((uint)candidate.Seed + 3UL));
        var drawn = Bootstrap.Draw(one.Strata, one.Rows, resamples, random, Differ, cancellationToken);
        var (mine, theirs) = (one.Measure(metrics), other.Measure(metrics));
        return new ComparisonReport(
            version, one.Rows, resamples,
            metrics.Select((name, m) => (name, m)).ToDictionary(m => m.name, m => Difference(m.name, mine[m.m] - theirs[m.m], [.. drawn.Select(d => d[m.m]).Order()])));

        double[] Differ(int[] weights)
        {
            var (ours, its) = (one.Measure(metrics, weights), other.Measure(metrics, weights));
            return [.. ours.Zip(its, (a, b) => a - b)];
        }
    }

    private static TaskScores Rows(EvaluationInput input, float[] scores) => input.Task == LearningTask.BinaryClassification
        ? new RankedRows(scores, input.Labels)
        : TaskScores.Of(input.Task, scores, input.Width, input.Labels);

    private static PairedDifference Difference(string metric, double value, double[] sorted)
    {
        var sign = MetricNames.IsHigherBetter(metric) ? 1 : -1;
        var (low, high) = (Bootstrap.Quantile(sorted, 0.025), Bootstrap.Quantile(sorted, 0.975));
        return new PairedDifference(
            value, Math.Min(value, low), Math.Max(value, high), sorted.Average(d => d * sign > 0 ? 1.0 : d == 0 ? 0.5 : 0));
    }
}
