using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>How good a set of hyperparameters was in cross-validation.</summary>
/// <param name="Trial">Which trial, from 0.</param>
/// <param name="Parameters">What was tried.</param>
/// <param name="Rounds">The number of boosting rounds with the best mean score over the folds.</param>
/// <param name="Score">The metric's mean over the folds at that round.</param>
/// <param name="StandardDeviation">Its sample standard deviation over the folds; 0 with a single fold.</param>
/// <param name="Threshold">The score from which on a row counts as positive: the one with the greatest TPR − FPR among out-of-fold predictions.</param>
public sealed record TrialResult(int Trial, TrialParameters Parameters, int Rounds, double Score, double StandardDeviation, double Threshold);

public static class TrialSelection
{
    /// <summary>The trial with the best score; of equals the one with the lowest number, so that the order of arrival does not matter.</summary>
    /// <exception cref="ArgumentException">There is no trial, or no such metric.</exception>
    public static TrialResult Best(IReadOnlyList<TrialResult> trials, string metric)
    {
        if (trials.Count == 0) throw new ArgumentException("There are no trial results; expected at least one to choose from.", nameof(trials));

        var sign = MetricNames.IsHigherBetter(metric) ? -1 : 1;
        return trials.OrderBy(t => sign * t.Score).ThenBy(t => t.Trial).First();
    }
}
