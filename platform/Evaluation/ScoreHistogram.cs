namespace Serverless.Platform.Evaluation;

/// <param name="From">Least score of the bin.</param>
/// <param name="To">Where the next bin begins; the last one holds 1 as well.</param>
/// <param name="Positives">Positive rows with such a score.</param>
/// <param name="Negatives">Negative rows.</param>
public sealed record ScoreBin(double From, double To, int Positives, int Negatives);

/// <summary>How the scores of either class are spread, in bins of equal width.</summary>
internal static class ScoreHistogram
{
    private const int Bins = 20;

    public static IReadOnlyList<ScoreBin> Of(ScoreRanking ranking)
    {
        var (positives, negatives) = (new int[Bins], new int[Bins]);
        for (var place = 0; place < ranking.Rows; place++)
        {
            var bin = Math.Min((int)(ranking.Scores[place] * Bins), Bins - 1);
            (ranking.Positive[place] ? positives : negatives)[bin]++;
        }

        return [.. Enumerable.Range(0, Bins).Select(b => new ScoreBin((double)b / Bins, (b + 1.0) / Bins, positives[b], negatives[b]))];
    }
}
