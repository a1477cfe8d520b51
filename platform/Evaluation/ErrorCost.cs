using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>What the wrong predictions at the threshold cost, in the definition's unit.</summary>
/// <param name="FalsePositive">The cost of one negative row predicted positive.</param>
/// <param name="FalseNegative">The cost of one positive row predicted negative.</param>
/// <param name="Total">Of all held-out rows.</param>
/// <param name="PerRow">The total over the number of rows.</param>
/// <param name="Low">Lower end of the 95% interval of the cost per row, of the Wilson intervals of both errors' shares of the rows, which go against each other (Zou, Donner, Stat. Med. 27, 2008).</param>
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
        // Each share's limits are the square root of a variance away from it, on its own side: these add up, and hold where there is no error at all. Of both as shares of
        // all rows, since how many positives there are is chance too; where there are more of one error there are fewer of the other.
        var (wrongNegatives, wrongPositives) = (Proportion.Wilson(confusion.FalsePositives, rows), Proportion.Wilson(confusion.FalseNegatives, rows));
        var (below, above) = wrongNegatives is { } one && wrongPositives is { } other
            ? (Distance(one.Value - one.Low, other.Value - other.Low), Distance(one.High - one.Value, other.High - other.Value))
            : (0, 0);
        return new ErrorCost(
            cost.FalsePositive, cost.FalseNegative, total, perRow, perRow - below, perRow + above,
            cost.FalseNegative * positives / rows, cost.FalsePositive * negatives / rows);

        double Distance(double ofOne, double ofOther)
        {
            var (p, q) = ((double)confusion.FalsePositives / rows, (double)confusion.FalseNegatives / rows);
            var together = p == 1 || q == 1 ? 0 : -Math.Sqrt(p * q / ((1 - p) * (1 - q)));
            var (a, b) = (cost.FalsePositive * ofOne, cost.FalseNegative * ofOther);
            return Math.Sqrt(Math.Max(0, (a * a) + (b * b) + (2 * together * a * b)));
        }
    }
}
