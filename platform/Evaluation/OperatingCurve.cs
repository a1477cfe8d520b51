namespace Serverless.Platform.Evaluation;

/// <summary>What a threshold does: a point of the ROC curve (false positive rate, true positive rate) and of the precision-recall curve (true positive rate, precision).</summary>
/// <param name="Threshold">Rows with at least this score are predicted positive; null: none is.</param>
/// <param name="FalsePositiveRate">The share of negatives predicted positive.</param>
/// <param name="TruePositiveRate">The share of positives predicted positive: the recall.</param>
/// <param name="Precision">The share of those predicted positive that is; null where none is.</param>
public sealed record OperatingPoint(double? Threshold, double FalsePositiveRate, double TruePositiveRate, double? Precision);

/// <summary>The curve of all thresholds, thinned to what a plot can show.</summary>
internal static class OperatingCurve
{
    /// <summary>A step of the curve this long, in either rate or both together, gets a point: at most 202 points, however many rows.</summary>
    private const double Step = 0.01;

    /// <returns>From no row predicted positive to all.</returns>
    public static IReadOnlyList<OperatingPoint> Of(ScoreRanking ranking)
    {
        var points = new List<OperatingPoint> { new(null, 0, 0, null) };
        int truePositives = 0, falsePositives = 0, steps = 0;
        for (var place = 0; place < ranking.Rows; place++)
        {
            if (ranking.Positive[place]) truePositives++;
            else falsePositives++;
            var isLast = place + 1 == ranking.Rows;
            if (!isLast && ranking.Scores[place + 1] == ranking.Scores[place]) continue;

            var (fpr, tpr) = ((double)falsePositives / ranking.Negatives, (double)truePositives / ranking.Positives);
            var come = (int)((fpr + tpr) / Step);
            if (come == steps && !isLast) continue;
            steps = come;
            points.Add(new OperatingPoint(ranking.Scores[place], fpr, tpr, (double)truePositives / (truePositives + falsePositives)));
        }

        return points;
    }
}
