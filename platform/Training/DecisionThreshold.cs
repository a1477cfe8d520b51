using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>From which score on a row counts as positive.</summary>
internal static class DecisionThreshold
{
    /// <summary>By what wrong predictions cost; where the definition does not say, the score that separates the classes best.</summary>
    /// <param name="scores">Probabilities for rows the model did not see.</param>
    /// <param name="labels">What is true of them.</param>
    /// <param name="cost">The stated cost; null for none.</param>
    public static double Of(float[] scores, float[] labels, CostPolicy? cost) =>
        cost is null ? new ScoreRanking(scores, labels).SeparatingThreshold() : Cheapest(scores, labels, cost);

    /// <summary>
    /// The threshold with the least cost on these rows, halfway to the next lower score so that rounding cannot move a row across; of equals
    /// the one nearest to what would be cheapest were the scores the true probabilities (Elkan, IJCAI 2001).
    /// </summary>
    private static double Cheapest(float[] scores, float[] labels, CostPolicy cost)
    {
        var ideal = cost.FalsePositive / (cost.FalsePositive + cost.FalseNegative);
        var order = Enumerable.Range(0, scores.Length).OrderByDescending(r => scores[r]).ToArray();

        // Above the highest score nothing is positive, and every positive row is missed.
        var (total, best, threshold) = (labels.Count(l => l == 1) * cost.FalseNegative, double.PositiveInfinity, 1.0);
        Consider(Math.Min(1, scores[order[0]] + 1e-6));
        for (var i = 0; i < order.Length; i++)
        {
            total += labels[order[i]] == 1 ? -cost.FalseNegative : cost.FalsePositive;
            if (i + 1 < order.Length && scores[order[i + 1]] == scores[order[i]]) continue;
            Consider(i + 1 < order.Length ? (scores[order[i]] + (double)scores[order[i + 1]]) / 2 : scores[order[i]]);
        }

        return threshold;

        void Consider(double candidate)
        {
            if (total > best || (total == best && Math.Abs(candidate - ideal) >= Math.Abs(threshold - ideal))) return;
            best = total;
            threshold = candidate;
        }
    }
}
