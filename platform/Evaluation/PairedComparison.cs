using System.Text.Json;
using Serverless.Platform.Definitions;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Evaluation;

/// <summary>
/// Compares two models on the same rows by a paired bootstrap (Efron, Tibshirani: An Introduction to the Bootstrap, 1993, ch. 13): both are measured on
/// each resample, so what is hard for both cancels out, and the interval is of the difference itself.
/// </summary>
public static class PairedComparison
{
    /// <summary>Of all held-out rows.</summary>
    /// <inheritdoc cref="Of(EvaluationInput, float[], int, LeftOutRows, CancellationToken)"/>
    public static ComparisonReport Of(EvaluationInput candidate, float[] champion, int version, CancellationToken cancellationToken) =>
        Of(candidate, champion, version, null, cancellationToken);

    /// <param name="candidate">The candidate's scores and what is true.</param>
    /// <param name="champion">The champion's scores of the same rows, of the same classes.</param>
    /// <param name="version">The champion's version.</param>
    /// <param name="leftOut">The held-out rows that these are without; null: they are all.</param>
    /// <param name="cancellationToken">Checked before every resample.</param>
    /// <exception cref="ArgumentException">Scores or labels do not fit the task or one another.</exception>
    public static ComparisonReport Of(EvaluationInput candidate, float[] champion, int version, LeftOutRows? leftOut, CancellationToken cancellationToken)
    {
        var metrics = MetricNames.For(candidate.Task).All;
        var (one, other) = (Rows(candidate.Scores), Rows(champion));
        // Two models are measured on each resample, for the cost of two.
        var resamples = Bootstrap.ResamplesFor(2L * one.Rows * one.Passes);
        var random = new SplitMix64(SplitMix64.Mix((uint)candidate.Seed + 3UL));
        var drawn = Bootstrap.Draw(one.Strata, one.Rows, resamples, random, Differ, cancellationToken);
        var (mine, theirs) = (one.Measure(metrics), other.Measure(metrics));
        return new ComparisonReport(
            version, one.Rows, resamples,
            metrics.Index().ToDictionary(m => m.Item, m => Difference(m.Item, mine[m.Index] - theirs[m.Index], [.. drawn.Select(d => d[m.Index]).Order()])))
        {
            LeftOut = leftOut,
            Candidate = leftOut is null
                ? null
                : MetricIntervals.Of(TaskScores.Of(candidate.Task, candidate.Scores, candidate.Width, candidate.Labels), metrics, candidate.Seed, cancellationToken),
        };

        TaskScores Rows(float[] scores) => TaskScores.ByRow(candidate.Task, scores, candidate.Width, candidate.Labels);

        double[] Differ(int[] weights)
        {
            var (ours, its) = (one.Measure(metrics, weights), other.Measure(metrics, weights));
            return [.. ours.Zip(its, (a, b) => a - b)];
        }
    }

    /// <summary>Why a champion's scores are of something else than the candidate's, the definition or the data having changed since; null when they are not.</summary>
    public static string? FindMisfit(ModelSignature champion, ModelSignature candidate)
    {
        var (its, ours) = (champion.Classes ?? [], candidate.Classes ?? []);
        return champion.Task != candidate.Task ? $"Its task is {Name(champion.Task)}, the candidate's {Name(candidate.Task)}."
            : champion.Target != candidate.Target ? $"It predicts {Predicted(champion.Target)}; the candidate predicts {Predicted(candidate.Target)}."
            : !its.SequenceEqual(ours, StringComparer.Ordinal) ? $"It knows the classes {string.Join(", ", its)}; the candidate knows {string.Join(", ", ours)}."
            : null;

        static string Name(LearningTask task) => JsonNamingPolicy.KebabCaseLower.ConvertName($"{task}");
        static string Predicted(TargetColumn target) => target.Positive is null ? $"'{target.Column}'" : $"whether '{target.Column}' is '{target.Positive}'";
    }

    private static PairedDifference Difference(string metric, double value, double[] sorted)
    {
        var sign = MetricNames.IsHigherBetter(metric) ? 1 : -1;
        var (low, high) = (Bootstrap.Quantile(sorted, 0.025), Bootstrap.Quantile(sorted, 0.975));
        return new PairedDifference(
            value, Math.Min(value, low), Math.Max(value, high), sorted.Average(d => d * sign > 0 ? 1.0 : 0));
    }
}
