using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>
/// How much of a mean of trees and a linear model is linear. Trees are rough where the truth is smooth, most of all with few rows, and a linear model errs elsewhere:
/// their mean in margins is mostly better than either (stacking with one weight: Breiman, Machine Learning 24, 1996).
/// </summary>
internal static class LinearShare
{
    // A weight is all that is fitted to the folds, and finer steps would fit their noise.
    private const int Steps = 10;

    /// <summary>The share with the best mean score over the folds, the smaller of equals; less than 1.</summary>
    /// <param name="trees">What the trees predict for rows that they did not see.</param>
    /// <param name="linear">What the linear model predicts for the same rows.</param>
    /// <param name="task">The kind of prediction.</param>
    /// <param name="metric">One of the task's metrics.</param>
    /// <returns>The share, and the mean so weighted.</returns>
    public static (double Share, OutOfFold Mixed) Choose(OutOfFold trees, OutOfFold linear, LearningTask task, string metric)
    {
        var sign = MetricNames.IsHigherBetter(metric) ? 1 : -1;
        return Enumerable.Range(0, Steps)
            .Select(step => (Share: (double)step / Steps, Mixed: trees.MixedWith(linear, (double)step / Steps)))
            .MaxBy(tried => sign * tried.Mixed.Scores(task, metric).Average());
    }
}
