namespace Serverless.Platform.Evaluation;

/// <summary>A tenth of the rows, counted from the highest scores. Where equal scores straddle a border, their positives are shared out evenly.</summary>
/// <param name="Decile">1 holds the highest scores, 10 the lowest.</param>
/// <param name="LowestScore">The least score in it.</param>
/// <param name="PositiveRate">The share of its rows that is positive.</param>
/// <param name="Lift">That rate over the rate of all rows.</param>
/// <param name="Gain">The share of all positives found in this tenth and those above.</param>
/// <param name="CumulativeLift">The positive rate of this tenth and those above, over the rate of all rows.</param>
public sealed record GainDecile(int Decile, double LowestScore, double PositiveRate, double Lift, double Gain, double CumulativeLift);

/// <summary>Lift and gain by decile: how much is found by looking at the highest scores first.</summary>
internal static class GainTable
{
    private const int Deciles = 10;

    public static IReadOnlyList<GainDecile> Of(ScoreRanking ranking)
    {
        var deciles = new List<GainDecile>();
        var baseRate = (double)ranking.Positives / ranking.Rows;
        var before = 0.0;
        for (var decile = 1; decile <= Deciles; decile++)
        {
            var depth = (double)ranking.Rows * decile / Deciles;
            var found = PositivesAt(ranking, depth);
            var rate = (found - before) / ranking.Rows * Deciles;
            deciles.Add(new GainDecile(
                decile, ranking.Scores[(int)Math.Ceiling(depth) - 1], rate, rate / baseRate, found / ranking.Positives, found / depth / baseRate));
            before = found;
        }

        return deciles;
    }

    /// <summary>How many positives the first rows have, straight between the ends of a run of equal scores.</summary>
    private static double PositivesAt(ScoreRanking ranking, double depth)
    {
        var above = 0;
        for (var place = 0; place < ranking.Rows;)
        {
            var (start, inRun) = (place, 0);
            for (; place < ranking.Rows && ranking.Scores[place] == ranking.Scores[start]; place++) inRun += ranking.Positive[place] ? 1 : 0;
            if (place >= depth) return above + (inRun * (depth - start) / (place - start));
            above += inRun;
        }

        return above;
    }
}
