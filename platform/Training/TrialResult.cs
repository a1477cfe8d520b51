using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>How good a set of hyperparameters was in cross-validation.</summary>
/// <param name="Trial">Which trial, from 0.</param>
/// <param name="Parameters">What was tried.</param>
/// <param name="Rounds">The number of boosting rounds with the best mean score over the folds.</param>
/// <param name="Score">The metric's mean over the folds at that round.</param>
/// <param name="StandardDeviation">Its sample standard deviation over the folds; 0 with a single fold.</param>
/// <param name="Threshold">The score from which on a row counts as positive; 0.5 until the model is fitted, which decides on it.</param>
public sealed record TrialResult(int Trial, TrialParameters Parameters, int Rounds, double Score, double StandardDeviation, double Threshold = 0.5)
{
    /// <summary>By what share of itself the mean score has to be better to be worth more rounds: less is noise that would be paid for with trees to score with.</summary>
    public const double LeastGain = 1e-4;

    /// <summary>The result of a trial by its folds.</summary>
    /// <param name="parameters">What was tried.</param>
    /// <param name="curves">At least one.</param>
    /// <param name="metric">The metric of the curves.</param>
    public static TrialResult Of(TrialParameters parameters, IReadOnlyList<FoldCurve> curves, string metric)
    {
        var sign = MetricNames.IsHigherBetter(metric) ? 1 : -1;
        var means = Enumerable.Range(0, curves.Max(c => c.Scores.Count)).Select(step => curves.Average(c => c.At(step))).ToArray();
        var best = means.Max(m => sign * m);
        var chosen = Array.FindIndex(means, m => sign * m >= best - (LeastGain * Math.Abs(best)));
        return new TrialResult(
            parameters.Trial, parameters, (chosen + 1) * FoldCurve.Step, means[chosen], SampleMean.DeviationOf([.. curves.Select(c => c.At(chosen))]));
    }
}

public static class TrialSelection
{
    /// <summary>
    /// Those whose mean the model will be: the best, and the next best that are worse by no more than one standard error of its own score, which is
    /// what the search cannot tell apart.
    /// </summary>
    /// <param name="trials">At least one; all over the same folds.</param>
    /// <param name="metric">The metric of their scores.</param>
    /// <param name="folds">Over how many folds.</param>
    /// <param name="most">How many at most, at least 1.</param>
    /// <exception cref="ArgumentException">There is no trial, or no such metric.</exception>
    public static IReadOnlyList<TrialResult> Blend(IEnumerable<TrialResult> trials, string metric, int folds, int most)
    {
        var ranked = Ranked(trials, metric);
        if (ranked.Count == 0) throw new ArgumentException("There are no trial results; expected at least one to choose from.", nameof(trials));

        var noise = ranked[0].StandardDeviation / Math.Sqrt(folds);
        return [.. ranked.Take(most).TakeWhile(t => Math.Abs(t.Score - ranked[0].Score) <= noise)];
    }

    /// <summary>The best first; of equals the lowest number, so that the order of arrival does not matter.</summary>
    public static IReadOnlyList<TrialResult> Ranked(IEnumerable<TrialResult> trials, string metric)
    {
        var sign = MetricNames.IsHigherBetter(metric) ? -1 : 1;
        return [.. trials.OrderBy(t => sign * t.Score).ThenBy(t => t.Trial)];
    }
}
