using System.Text.Json.Serialization;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Evaluation;

/// <summary>How good a model is on held-out rows. What a task has no use for, or an older report had not, is null.</summary>
/// <param name="Rows">How many rows.</param>
/// <param name="Positives">How many of them are of the positive class; null where there is none.</param>
/// <param name="Metrics">Metric name (<see cref="MetricNames"/>) to its value and confidence interval.</param>
/// <param name="Confusion">Of two classes what happens at the chosen threshold.</param>
/// <param name="Slices">The model on groups of the sensitive columns, column by column.</param>
/// <param name="Resamples">How many bootstrap resamples the intervals come from.</param>
/// <param name="Calibration">
/// Whether the scores come true as often as they say; of several classes, whether the predicted class is the true one as often as its probability says.
/// </param>
/// <param name="Gain">Lift and gain by tenths of the rows, the highest scores first.</param>
/// <param name="Curve">Points of the ROC and the precision-recall curve, at most 202.</param>
/// <param name="Scores">How the scores of either class are spread.</param>
/// <param name="Cost">What the errors at the threshold cost; null when the definition names no costs.</param>
/// <param name="Classes">Of several classes how each fares, and which is taken for which.</param>
/// <param name="Residuals">Of a number how the errors are spread.</param>
/// <param name="Stability">The training metric fold by fold, in cross-validation on the training rows.</param>
public sealed record EvaluationReport(
    int Rows,
    int? Positives,
    IReadOnlyDictionary<string, MetricEstimate> Metrics,
    Confusion? Confusion,
    IReadOnlyList<SensitiveSlices> Slices,
    int Resamples,
    CalibrationCurve? Calibration = null,
    IReadOnlyList<GainDecile>? Gain = null,
    IReadOnlyList<OperatingPoint>? Curve = null,
    IReadOnlyList<ScoreBin>? Scores = null,
    ErrorCost? Cost = null,
    ClassReport? Classes = null,
    ResidualReport? Residuals = null,
    FoldStability? Stability = null)
{
    /// <summary>A figure by its name in gates (<see cref="MetricNames.Gated"/>); null when it was not measured.</summary>
    public GateFigure? Find(string metric) => metric switch
    {
        MetricNames.CalibrationError when Calibration is { } curve => new GateFigure(curve.ExpectedError, null, null),
        MetricNames.CostPerRow when Cost is { } cost => new GateFigure(cost.PerRow, cost.Low, cost.High),
        MetricNames.TopDecileLift when Gain is [var top, ..] => new GateFigure(top.Lift, null, null),
        MetricNames.FoldDeviation when Stability is { Folds.Count: > 1 } stability => new GateFigure(stability.StandardDeviation, null, null),
        MetricNames.Precision when Confusion is { } c => Share(c.TruePositives, c.FalsePositives),
        MetricNames.Recall when Confusion is { } c => Share(c.TruePositives, c.FalseNegatives),
        MetricNames.Specificity when Confusion is { } c => Share(c.TrueNegatives, c.FalsePositives),
        MetricNames.Accuracy when Confusion is { } c => Share(c.TruePositives + c.TrueNegatives, c.FalsePositives + c.FalseNegatives),
        _ => Metrics.TryGetValue(metric, out var found) ? new GateFigure(found.Value, found.Low, found.High) : null,
    };

    private static GateFigure? Share(int right, int wrong) =>
        Proportion.Wilson(right, right + wrong) is { } share ? new GateFigure(share.Value, share.Low, share.High) : null;
}

/// <param name="Value">The figure.</param>
/// <param name="Low">Lower end of its 95% interval; null where it has none.</param>
/// <param name="High">Upper end.</param>
public sealed record GateFigure(double Value, double? Low, double? High);

/// <param name="Value">The metric on the rows as they are.</param>
/// <param name="Low">Lower end of its 95% confidence interval.</param>
/// <param name="High">Upper end.</param>
public sealed record MetricEstimate(double Value, double Low, double High);

/// <summary>Counts and rates of the predictions at a threshold. A rate over no rows is null.</summary>
/// <param name="Threshold">A row with at least this score is predicted positive.</param>
/// <param name="TruePositives">Positive rows predicted positive.</param>
/// <param name="FalsePositives">Negative rows predicted positive.</param>
/// <param name="TrueNegatives">Negative rows predicted negative.</param>
/// <param name="FalseNegatives">Positive rows predicted negative.</param>
/// <param name="Precision">TP / (TP + FP).</param>
/// <param name="Recall">TP / (TP + FN).</param>
/// <param name="Specificity">TN / (TN + FP).</param>
/// <param name="Accuracy">(TP + TN) / all.</param>
public sealed record Confusion(
    double Threshold,
    int TruePositives,
    int FalsePositives,
    int TrueNegatives,
    int FalseNegatives,
    double? Precision,
    double? Recall,
    double? Specificity,
    double? Accuracy);

/// <param name="Column">The sensitive column.</param>
/// <param name="Groups">Its groups; each row is in one of them.</param>
public sealed record SensitiveSlices(string Column, IReadOnlyList<GroupSlice> Groups);

/// <param name="Group">A category, a band of numbers, <c>(missing)</c>, or <c>(small groups)</c>.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Positives">How many of them are positive; null where there is no positive class.</param>
/// <param name="SelectionRate">Share of rows predicted positive at the threshold; null likewise.</param>
/// <param name="RocAuc">ROC AUC within the group; null if it has one class only, or there are not two.</param>
/// <param name="Small">Whether there are too few rows (<see cref="SliceEvaluation.LeastRows"/>) to read much into the figures.</param>
/// <param name="Metrics">Of several classes the accuracy and log loss within the group, of a number the RMSE and mean absolute error; else null.</param>
public sealed record GroupSlice(
    string Group,
    int Rows,
    int? Positives,
    double? SelectionRate,
    double? RocAuc,
    bool Small,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, double>? Metrics = null);

/// <summary>A report, or why there is none: one of the two is set.</summary>
public sealed record EvaluationOutcome(EvaluationReport? Report, Refusal? Refusal);
