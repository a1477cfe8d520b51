using System.Text.Json.Serialization;

namespace Serverless.Platform.Evaluation;

/// <summary>How the model treats the groups of each sensitive column, on held-out rows: the content of <c>fairness.json</c>. It reports and does not judge.</summary>
/// <param name="Positive">The positive class: what "predicted positive" predicts; null where there is none.</param>
/// <param name="Threshold">A row with at least this score is predicted positive; null likewise.</param>
/// <param name="Reading">What the figures are and are not.</param>
/// <param name="Columns">Column by column.</param>
public sealed record FairnessReport(string? Positive, double? Threshold, string Reading, IReadOnlyList<ColumnFairness> Columns);

/// <param name="Column">The sensitive column.</param>
/// <param name="Groups">Of two classes its groups; each row is in one of them. Empty for other tasks.</param>
/// <param name="Measures">What sets the groups apart, each measure with its definition.</param>
/// <param name="ClassGroups">Of several classes its groups; else null.</param>
/// <param name="ValueGroups">Of a number its groups; else null.</param>
public sealed record ColumnFairness(
    string Column,
    IReadOnlyList<GroupFairness> Groups,
    IReadOnlyList<FairnessMeasure> Measures,
    IReadOnlyList<ClassGroupFairness>? ClassGroups = null,
    IReadOnlyList<ValueGroupFairness>? ValueGroups = null);

/// <param name="Group">A category, a band of numbers, <c>(missing)</c>, or <c>(small groups)</c>.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Positives">How many of them are positive.</param>
/// <param name="Small">Whether it has too few rows (<see cref="SliceEvaluation.LeastRows"/>) to compare it with others, or was put together of such groups.</param>
/// <param name="BaseRate">The share of positives.</param>
/// <param name="MeanScore">The mean score.</param>
/// <param name="SelectionRate">The share predicted positive.</param>
/// <param name="TruePositiveRate">The share of positives predicted positive; null without positives.</param>
/// <param name="FalsePositiveRate">The share of negatives predicted positive; null without negatives.</param>
/// <param name="Precision">The share of those predicted positive that is; null where none is.</param>
/// <param name="RocAuc">With its 95% interval (DeLong); null with fewer than 10 rows of either class.</param>
/// <param name="CalibrationGap">Mean score less base rate: above 0 the model expects more positives than there are.</param>
/// <param name="CalibrationError">The expected calibration error within the group; null for a small one, where it is chance.</param>
public sealed record GroupFairness(
    string Group,
    int Rows,
    int Positives,
    bool Small,
    Proportion BaseRate,
    double MeanScore,
    Proportion SelectionRate,
    Proportion? TruePositiveRate,
    Proportion? FalsePositiveRate,
    Proportion? Precision,
    MetricEstimate? RocAuc,
    double CalibrationGap,
    double? CalibrationError)
{
    /// <summary>The error that chance alone would show at most, as in <see cref="CalibrationCurve.ByChance"/>; null in reports of older releases too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CalibrationByChance { get; init; }
}

/// <param name="Group">A category, a band of numbers, <c>(missing)</c>, or <c>(small groups)</c>.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Small">Whether it has too few rows (<see cref="SliceEvaluation.LeastRows"/>) to compare it with others, or was put together of such groups.</param>
/// <param name="Accuracy">The share whose class is predicted.</param>
/// <param name="LogLoss">The mean log loss, with its 95% interval (normal approximation).</param>
/// <param name="Classes">Class by class.</param>
public sealed record ClassGroupFairness(
    string Group, int Rows, bool Small, Proportion Accuracy, MetricEstimate LogLoss, IReadOnlyList<GroupClass> Classes);

/// <param name="Class">The class.</param>
/// <param name="Actual">The share of the group's rows that is of it.</param>
/// <param name="Predicted">The share predicted to be.</param>
public sealed record GroupClass(string Class, Proportion Actual, Proportion Predicted);

/// <summary>A group's predicted values, in the target's unit. Intervals are at 95%, by the normal approximation.</summary>
/// <param name="Group">A category, a band of numbers, <c>(missing)</c>, or <c>(small groups)</c>.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Small">Whether it has too few rows (<see cref="SliceEvaluation.LeastRows"/>) to compare it with others, or was put together of such groups.</param>
/// <param name="MeanPrediction">The mean of the predicted values.</param>
/// <param name="MeanActual">The mean of the true ones.</param>
/// <param name="MeanError">The mean of predicted less true: above 0 the group is predicted too much.</param>
/// <param name="Rmse">The root mean squared error.</param>
public sealed record ValueGroupFairness(
    string Group, int Rows, bool Small, MetricEstimate MeanPrediction, double MeanActual, MetricEstimate MeanError, MetricEstimate Rmse);

/// <param name="Name">The measure's name in the field.</param>
/// <param name="Value">Its value; null when fewer than two groups can be compared.</param>
/// <param name="Low">Lower end of its 95% interval, which is of all pairs of groups at once; null where there is none.</param>
/// <param name="High">Upper end.</param>
/// <param name="Equal">The value when all groups fare alike: 0 for a difference, 1 for a ratio.</param>
/// <param name="Highest">The group with the highest figure.</param>
/// <param name="Lowest">The group with the lowest.</param>
/// <param name="Groups">How many groups were compared.</param>
/// <param name="Definition">How it is computed, in words.</param>
public sealed record FairnessMeasure(
    string Name, double? Value, double? Low, double? High, double Equal, string? Highest, string? Lowest, int Groups, string Definition)
{
    /// <summary>What a model that fares alike with all groups would show at most by chance, in 95% of samples; null where an interval says it, and in reports of older releases.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ByChance { get; init; }
}
