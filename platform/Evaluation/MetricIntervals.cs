namespace Serverless.Platform.Evaluation;

/// <summary>
/// Percentile bootstrap intervals (Efron, Tibshirani: An Introduction to the Bootstrap, 1993, ch. 13) of all metrics at once. Each
/// resample draws positives and negatives apart, so it keeps both classes and their share. KS and PR AUC are biased upward under
/// resampling; where that would leave the value outside of its interval, the interval is widened to hold it.
/// </summary>
internal static class MetricIntervals
{
    public const int MostResamples = 1_000;
    public const int LeastResamples = 200;

    // Draws that take about half a second on one core; beyond 20,000 rows there are fewer resamples, down to the least.
    private const int DrawBudget = 20_000_000;

    public static int ResamplesFor(int rows) => Math.Clamp(DrawBudget / Math.Max(rows, 1), LeastResamples, MostResamples);

    /// <param name="ranking">The rows.</param>
    /// <param name="seed">The same seed gives the same intervals.</param>
    /// <param name="cancellationToken">Checked before every resample.</param>
    public static IReadOnlyDictionary<string, MetricEstimate> Of(ScoreRanking ranking, int seed, CancellationToken cancellationToken)
    {
        var resamples = ResamplesFor(ranking.Rows);
        var (positives, negatives) = PlacesByClass(ranking);
        var random = new SplitMix64(SplitMix64.Mix((uint)seed + 2UL));
        var weights = new int[ranking.Rows];
        var drawn = new MetricValues[resamples];
        for (var r = 0; r < resamples; r++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Array.Clear(weights);
            Draw(positives, weights, ref random);
            Draw(negatives, weights, ref random);
            drawn[r] = ranking.Measure(weights);
        }

        var values = ranking.Measure();
        return MetricNames.All.ToDictionary(m => m, m => Estimate(values[m], [.. drawn.Select(d => d[m]).Order()]));
    }

    /// <summary>Draws as many places as there are, with replacement, each draw adding to its weight.</summary>
    public static void Draw(int[] places, int[] weights, ref SplitMix64 random)
    {
        for (var i = 0; i < places.Length; i++)
        {
            weights[places[random.Below(places.Length)]]++;
        }
    }

    private static MetricEstimate Estimate(double value, double[] sorted) =>
        new(value, Math.Min(value, Quantile(sorted, 0.025)), Math.Max(value, Quantile(sorted, 0.975)));

    /// <summary>Linear interpolation between order statistics: type 7 of Hyndman, Fan, The American Statistician 50, 1996.</summary>
    public static double Quantile(double[] sorted, double probability)
    {
        var place = probability * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }

    private static (int[] Positives, int[] Negatives) PlacesByClass(ScoreRanking ranking)
    {
        var positives = new List<int>(ranking.Positives);
        var negatives = new List<int>(ranking.Negatives);
        for (var place = 0; place < ranking.Rows; place++)
        {
            (ranking.Positive[place] ? positives : negatives).Add(place);
        }

        return ([.. positives], [.. negatives]);
    }
}
