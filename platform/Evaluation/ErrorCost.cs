using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>What the wrong predictions at the threshold cost, in the definition's unit.</summary>
/// <param name="FalsePositive">The cost of one negative row predicted positive.</param>
/// <param name="FalseNegative">The cost of one positive row predicted negative.</param>
/// <param name="Total">Of all held-out rows.</param>
/// <param name="PerRow">The total over the number of rows.</param>
/// <param name="Low">Lower end of the 95% interval of the cost per row, by the normal approximation with the classes' counts held fixed.</param>
/// <param name="High">Upper end.</param>
/// <param name="PerRowAllNegative">What it would cost per row to predict every row negative: to do without a model.</param>
/// <param name="PerRowAllPositive">What it would cost per row to predict every row positive.</param>
public sealed record ErrorCost(
    double FalsePositive, double FalseNegative, double Total, double PerRow, double Low, double High, double PerRowAllNegative, double PerRowAllPositive)
{
    internal static ErrorCost Of(CostPolicy cost, Confusion confusion)
    {
        var (positives, negatives) = (confusion.TruePositives + confusion.FalseNegatives, confusion.TrueNegatives + confusion.FalsePositives);
        var rows = positives + negatives;
        var total = (cost.FalsePositive * confusion.FalsePositives) + (cost.FalseNegative * confusion.FalseNegatives);
        var variance = Variance(cost.FalsePositive, confusion.FalsePositives, negatives) + Variance(cost.FalseNegative, confusion.FalseNegatives, positives);
        var half = Proportion.Z * Math.Sqrt(variance) / rows;
        var perRow = total / rows;
        return new ErrorCost(
            cost.FalsePositive, cost.FalseNegative, total, perRow, Math.Max(0, perRow - half), perRow + half,
            cost.FalseNegative * positives / rows, cost.FalsePositive * negatives / rows);
    }

    /// <summary>Of a binomial count of errors, each at the same cost.</summary>
    private static double Variance(double cost, int errors, int rows) => cost * cost * errors * (1 - ((double)errors / rows));
}
