using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <param name="Least">What a gate may set a least value for.</param>
/// <param name="Most">What it may set a greatest value for.</param>
public sealed record GroupMetricNames(IReadOnlyList<string> Least, IReadOnlyList<string> Most);

/// <param name="Figure">The figure with its interval.</param>
/// <param name="Of">Whose it is: a group, or the two that differ most.</param>
public sealed record GroupGateFigure(GateFigure Figure, string Of);

/// <summary>
/// What gates may bound for the groups of a sensitive column: metrics, of which the worst of any group counts, and fairness measures, by the names that they have in
/// <c>fairness.json</c>. Groups that are too small to be compared do not count.
/// </summary>
public static class GroupMetrics
{
    private static readonly GroupMetricNames Binary = new(
        [MetricNames.RocAuc, MetricNames.Precision, MetricNames.Recall, FairnessMeasures.DemographicParityRatio],
        [
            MetricNames.CalibrationError, FairnessMeasures.CalibrationWithinGroups, FairnessMeasures.PredictiveParityDifference, FairnessMeasures.EqualizedOddsDifference,
            FairnessMeasures.EqualOpportunityDifference, FairnessMeasures.DemographicParityDifference,
        ]);

    private static readonly GroupMetricNames Multiclass = new(
        [MetricNames.Accuracy],
        [MetricNames.LogLoss, ClassFairness.LogLossDifference, ClassFairness.AccuracyDifference, FairnessMeasures.DemographicParityDifference]);

    private static readonly GroupMetricNames Regression = new(
        [], [ValueFairness.MeanPredictionDifference, ValueFairness.MeanErrorDifference, ValueFairness.RmseDifference, MetricNames.Rmse]);

    /// <summary>What a definition of a task may name.</summary>
    public static GroupMetricNames For(LearningTask task) => task switch
    {
        LearningTask.MulticlassClassification => Multiclass,
        LearningTask.Regression => Regression,
        _ => Binary,
    };

    /// <summary>Whether a figure may exceed 1.</summary>
    internal static bool IsUnbounded(string name) =>
        name is ClassFairness.LogLossDifference or ValueFairness.MeanPredictionDifference or ValueFairness.MeanErrorDifference or ValueFairness.RmseDifference;

    /// <summary>A figure by its name; null when it was not measured, as of groups that are all too small.</summary>
    internal static GroupGateFigure? Find(ColumnFairness column, string name)
    {
        if (column.Measures.FirstOrDefault(m => m.Name == name) is { } measure)
        {
            return measure.Value is { } value ? new GroupGateFigure(new GateFigure(value, measure.Low, measure.High), $"'{measure.Highest}' and '{measure.Lowest}'") : null;
        }

        var figures = column.Groups.Where(g => !g.Small).Select(g => (g.Group, Figure: Find(g, name)))
            .Concat((column.ClassGroups ?? []).Where(g => !g.Small).Select(g => (g.Group, Figure: Find(g, name))))
            .Concat((column.ValueGroups ?? []).Where(g => !g.Small).Select(g => (g.Group, Figure: name == MetricNames.Rmse ? Of(g.Rmse) : null)));
        GroupGateFigure[] found = [.. figures.SelectMany(f => f.Figure is { } figure ? [new GroupGateFigure(figure, $"'{f.Group}'")] : Array.Empty<GroupGateFigure>())];
        return found.Length == 0 ? null : MetricNames.IsHigherBetter(name) ? found.MinBy(f => f.Figure.Value) : found.MaxBy(f => f.Figure.Value);
    }

    /// <summary>The groups that such a figure leaves out, having too few rows for it.</summary>
    internal static IReadOnlyList<string> LeftOut(ColumnFairness column, string name) =>
    [
        .. column.Groups.Where(g => g.Small || !IsMeasured(g, name)).Select(g => g.Group),
        .. (column.ClassGroups ?? []).Where(g => g.Small).Select(g => g.Group),
        .. (column.ValueGroups ?? []).Where(g => g.Small).Select(g => g.Group),
    ];

    private static bool IsMeasured(GroupFairness group, string name) => name switch
    {
        FairnessMeasures.DemographicParityDifference or FairnessMeasures.DemographicParityRatio or FairnessMeasures.CalibrationWithinGroups => true,
        FairnessMeasures.EqualOpportunityDifference => Of(group.TruePositiveRate) is not null,
        FairnessMeasures.EqualizedOddsDifference => Of(group.TruePositiveRate) is not null && Of(group.FalsePositiveRate) is not null,
        FairnessMeasures.PredictiveParityDifference => Of(group.Precision) is not null,
        _ => Find(group, name) is not null,
    };

    private static GateFigure? Find(GroupFairness group, string name) => name switch
    {
        MetricNames.RocAuc => Of(group.RocAuc),
        MetricNames.Precision => Of(group.Precision),
        MetricNames.Recall => Of(group.TruePositiveRate),
        MetricNames.CalibrationError when group.CalibrationError is { } error => new GateFigure(error, null, null),
        _ => null,
    };

    private static GateFigure? Find(ClassGroupFairness group, string name) => name switch
    {
        MetricNames.Accuracy => Of(group.Accuracy),
        MetricNames.LogLoss => Of(group.LogLoss),
        _ => null,
    };

    private static GateFigure? Of(Proportion? share) => share is { Rows: >= FairnessMeasures.LeastCompared } ? new GateFigure(share.Value, share.Low, share.High) : null;

    private static GateFigure? Of(MetricEstimate? estimate) => estimate is null ? null : new GateFigure(estimate.Value, estimate.Low, estimate.High);
}
