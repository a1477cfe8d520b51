namespace Serverless.Platform.Evaluation;

/// <summary>
/// ROC AUC with its 95% interval by the variance of DeLong, DeLong, Clarke-Pearson (Biometrics 44, 1988), taken on the logit's scale so that it
/// stays within 0 and 1. One pass: cheap enough for every group of every column, where a bootstrap is not.
/// </summary>
internal static class AucInterval
{
    /// <summary>With fewer rows of either class the variance itself is a guess. <value>10.</value></summary>
    public const int LeastOfEither = 10;

    public static MetricEstimate Of(ScoreRanking ranking)
    {
        long positivesAbove = 0, negativesAbove = 0;
        double positiveSum = 0, positiveSquares = 0, negativeSum = 0, negativeSquares = 0;
        for (var place = 0; place < ranking.Rows;)
        {
            var score = ranking.Scores[place];
            long positives = 0, negatives = 0;
            for (; place < ranking.Rows && ranking.Scores[place] == score; place++)
            {
                if (ranking.Positive[place]) positives++;
                else negatives++;
            }

            // A positive's place is the share of negatives below it, a negative's the share of positives above it; a tie counts half.
            var below = (ranking.Negatives - negativesAbove - (0.5 * negatives)) / ranking.Negatives;
            var above = (positivesAbove + (0.5 * positives)) / ranking.Positives;
            positiveSum += positives * below;
            positiveSquares += positives * below * below;
            negativeSum += negatives * above;
            negativeSquares += negatives * above * above;
            positivesAbove += positives;
            negativesAbove += negatives;
        }

        var auc = positiveSum / ranking.Positives;
        var fewer = Math.Min(ranking.Positives, ranking.Negatives);
        if (auc is 0 or 1)
        {
            // Nothing out of order leaves no variance to estimate: the exact bound for that many successes in a row stands instead.
            var bound = MetricIntervals.OfSuccesses(fewer);
            return auc == 1 ? new MetricEstimate(1, bound, 1) : new MetricEstimate(0, 0, 1 - bound);
        }

        var variance = Variance(positiveSum, positiveSquares, ranking.Positives) + Variance(negativeSum, negativeSquares, ranking.Negatives);
        var half = Proportion.Z * Math.Sqrt(variance) / (auc * (1 - auc));
        var logit = Math.Log(auc / (1 - auc));
        return new MetricEstimate(auc, Logistic(logit - half), Logistic(logit + half));
    }

    /// <summary>Of the mean of so many values.</summary>
    private static double Variance(double sum, double squares, int count) =>
        count < 2 ? 0.25 : Math.Max(0, squares - (sum * sum / count)) / (count - 1) / count;

    private static double Logistic(double value) => 1 / (1 + Math.Exp(-value));
}
