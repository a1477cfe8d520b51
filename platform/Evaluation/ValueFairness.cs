namespace Serverless.Platform.Evaluation;

/// <summary>
/// How a model of a number treats the groups of a sensitive column (statistical parity and bounded group loss in regression: Agarwal, Dudík, Wu, ICML 2019,
/// here as differences of means).
/// </summary>
internal static class ValueFairness
{
    public const string MeanErrorDifference = "mean-error-difference";
    public const string RmseDifference = "rmse-difference";
    public const string MeanPredictionDifference = "mean-prediction-difference";

    private const string Compared = "In the target's unit. Small groups are left out.";

    public static ColumnFairness Of(string column, IReadOnlyList<(string Group, int[] Rows)> groups, float[] predicted, float[] actual)
    {
        ValueGroupFairness[] measured = [.. groups.Select(g => Measure(g.Group, g.Rows, predicted, actual))];
        ValueGroupFairness[] large = [.. measured.Where(g => !g.Small)];
        return new ColumnFairness(
            column, [],
            [
                Difference(
                    MeanErrorDifference, large.Select(g => GroupFigure.Of(g.Group, g.MeanError)),
                    "The highest less the lowest mean of predicted less true: how unequally groups are predicted too much or too little."),
                Difference(RmseDifference, large.Select(g => GroupFigure.Of(g.Group, g.Rmse)), "The highest less the lowest root mean squared error of any group."),
                Difference(
                    MeanPredictionDifference, large.Select(g => GroupFigure.Of(g.Group, g.MeanPrediction)),
                    "The highest less the lowest mean of the predicted values of any group, whatever is true of them."),
            ],
            ValueGroups: measured);
    }

    private static ValueGroupFairness Measure(string group, int[] rows, float[] predicted, float[] actual)
    {
        double[] errors = [.. rows.Select(r => (double)predicted[r] - actual[r])];
        return new ValueGroupFairness(
            group, rows.Length, FairnessEvaluation.IsSmall(group, rows.Length),
            SampleMean.Of([.. rows.Select(r => (double)predicted[r])]), rows.Average(r => (double)actual[r]), SampleMean.Of(errors), Rmse(errors));
    }

    /// <summary>With the interval of the mean square, each end's root taken.</summary>
    private static MetricEstimate Rmse(double[] errors)
    {
        var square = SampleMean.OfLosses([.. errors.Select(e => e * e)]);
        return new MetricEstimate(Math.Sqrt(square.Value), Math.Sqrt(square.Low), Math.Sqrt(square.High));
    }

    private static FairnessMeasure Difference(string name, IEnumerable<GroupFigure> figures, string definition) =>
        GroupGap.Difference(name, GroupGap.Of([.. figures]), $"{definition} {Compared}");
}
