using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>A metric by its name, for any kind of prediction.</summary>
public static class TaskMetrics
{
    /// <param name="task">The kind of prediction.</param>
    /// <param name="metric">One of the task's metrics (<see cref="MetricNames.For"/>).</param>
    /// <param name="scores">
    /// Row by row: the probability of the positive class, the predicted value, or of several classes the probability of each.
    /// </param>
    /// <param name="width">Scores of a row: the number of classes for several, else 1.</param>
    /// <param name="labels">For each row 1 or 0, the value, or the number of its class from 0.</param>
    /// <exception cref="ArgumentException">There is no such metric, lengths differ, a score or label is none of its task, or rows are of one class only.</exception>
    public static double Value(LearningTask task, string metric, ReadOnlySpan<float> scores, int width, ReadOnlySpan<float> labels) =>
        TaskScores.Of(task, scores, width, labels).Measure([metric])[0];
}
