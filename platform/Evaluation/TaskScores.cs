using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>A model's scores beside what is true, prepared once so that the metrics of any weighting of the rows take few passes.</summary>
internal abstract class TaskScores
{
    public abstract int Rows { get; }

    /// <summary>Row numbers that a resample draws apart, so that it keeps every class and its share.</summary>
    public abstract IReadOnlyList<int[]> Strata { get; }

    /// <summary>How many passes over the rows a measurement takes.</summary>
    public virtual int Passes => 1;

    /// <summary>The metrics asked for, each row counted as often as its weight says. Every stratum must keep weight.</summary>
    public abstract double[] Measure(IReadOnlyList<string> metrics, ReadOnlySpan<int> weights);

    /// <summary>The metrics asked for, of the rows as they are.</summary>
    public double[] Measure(IReadOnlyList<string> metrics)
    {
        var ones = new int[Rows];
        Array.Fill(ones, 1);
        return Measure(metrics, ones);
    }

    /// <param name="task">The kind of prediction.</param>
    /// <param name="scores">Row by row; <paramref name="width"/> of each.</param>
    /// <param name="width">Scores of a row: the number of classes for several, else 1.</param>
    /// <param name="labels">One for each row.</param>
    /// <exception cref="ArgumentException">They do not fit the task or one another.</exception>
    public static TaskScores Of(LearningTask task, ReadOnlySpan<float> scores, int width, ReadOnlySpan<float> labels) => task switch
    {
        LearningTask.BinaryClassification => new ScoreRanking(scores, labels),
        LearningTask.MulticlassClassification => new ClassScores(scores, width, labels),
        LearningTask.Regression => new ValueErrors(scores, labels),
        _ => throw new ArgumentException($"Found task {task}; expected a kind of prediction that there are metrics for.", nameof(task)),
    };

    /// <summary>Likewise, its weights and strata by the rows as they are given, so that models, or shuffles, can be given the same weights.</summary>
    /// <inheritdoc cref="Of"/>
    public static TaskScores ByRow(LearningTask task, float[] scores, int width, float[] labels) =>
        task == LearningTask.BinaryClassification ? new RankedRows(scores, labels) : Of(task, scores, width, labels);

    protected static ArgumentException NoSuchMetric(LearningTask task, string metric) =>
        new($"Found metric '{metric}'; expected one of {string.Join(", ", MetricNames.For(task).All)}.", nameof(metric));
}
