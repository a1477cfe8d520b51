using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>What the wrong predictions at the threshold cost, in the definition's unit.</summary>
/// <param name="FalsePositive">The cost of one negative row predicted positive.</param>
/// <param name="FalseNegative">The cost of one positive row predicted negative.</param>
/// <param name="Total">Of all held-out rows.</param>
/// <param name="PerRow">The total over the number of rows.</param>
/// <param name="Low">Lower end of the 95% interval of the cost per row with the classes' counts held fixed, of both error rates' Wilson intervals (Zou, Donner, Stat. Med. 27, 2008).</param>
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
        var perRow = total / rows;
        // Each rate's limits are the square root of a variance away from it, on its own side: these add up, and hold where there is no error at all.
        var (below, above) = (0.0, 0.0);
        foreach (var (each, errors, of) in new[] { (cost.FalsePositive, confusion.FalsePositives, negatives), (cost.FalseNegative, confusion.FalseNegatives, positives) })
        {
            if (Proportion.Wilson(errors, of) is not { } rate) continue;
            var weight = each * of / rows;
            below += Math.Pow(weight * (rate.Value - rate.Low), 2);
            above += Math.Pow(weight * (rate.High - rate.Value), 2);
        }

        return new ErrorCost(
            cost.FalsePositive, cost.FalseNegative, total, perRow, perRow - Math.Sqrt(below), perRow + Math.Sqrt(above),
            cost.FalseNegative * positives / rows, cost.FalsePositive * negatives / rows);
    }
}
