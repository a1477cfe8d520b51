using System.Globalization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>What a learner minimises: the log-loss of classes, or the squared error of a number.</summary>
/// <param name="Task">The kind of prediction.</param>
/// <param name="Width">How many scores a row has: one for each of several classes, else 1.</param>
internal sealed record LearningObjective(LearningTask Task, int Width)
{
    public const string Logistic = "binary:logistic";
    public const string Softmax = "multi:softprob";
    public const string SquaredError = "reg:squarederror";

    /// <summary>Many classes have a tree each in every round; beyond so many trees a model is slow to score with.</summary>
    private const int MostTrees = 20_000;

    private const int LeastRounds = 100;

    public static LearningObjective Of(LabeledTable rows) => new(rows.Task, Math.Max(1, rows.Classes.Count));

    /// <summary>The most boosting rounds of a model.</summary>
    public int MostRounds => Math.Min(TrialRunner.MostRounds, Math.Max(LeastRounds, MostTrees / Width));

    /// <summary>What is minimised, as a metric by its name.</summary>
    public string Loss => Task == LearningTask.Regression ? MetricNames.Rmse : MetricNames.LogLoss;

    /// <summary>XGBoost's parameters for it. The base score of all is a margin of 0, so that the margins of parts add up.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToBooster() => Task switch
    {
        LearningTask.MulticlassClassification =>
            [new("objective", Softmax), new("num_class", Width.ToString(CultureInfo.InvariantCulture)), new("base_score", "0")],

        // Labels are in standard deviations from their mean.
        LearningTask.Regression => [new("objective", SquaredError), new("base_score", "0")],
        _ => [new("objective", Logistic), new("base_score", "0.5")],
    };
}
