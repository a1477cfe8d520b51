namespace Serverless.Platform.Evaluation;

/// <summary>
/// Whether a score of 20% comes true in 20% of cases: held-out rows cut by score into bins of equal count, equal scores kept in one bin
/// (Niculescu-Mizil, Caruana, ICML 2005; equal counts after Nguyen, O'Connor, EMNLP 2015).
/// </summary>
/// <param name="Bins">The bins, the lowest scores first.</param>
/// <param name="ExpectedError">The mean over all rows of |mean score − observed rate| of their bin: the expected calibration error.</param>
/// <param name="GreatestError">The greatest of these differences.</param>
/// <param name="Low">Lower end of the 95% interval of the expected error; null in reports of older releases, and where none was asked for.</param>
/// <param name="High">Upper end.</param>
public sealed record CalibrationCurve(
    IReadOnlyList<CalibrationBin> Bins, double ExpectedError, double GreatestError, double? Low = null, double? High = null)
{
    public const int MostBins = 10;

    /// <summary>Fewer rows make a bin's observed rate say nothing. <value>20.</value></summary>
    public const int LeastRows = 20;

    /// <summary>
    /// The curve with an interval of its expected error: the basic bootstrap (Davison, Hinkley: Bootstrap Methods and their Application, 1997, 5.2.1), which
    /// turns the resamples round at the value. Chance adds to this error in the rows, and once more in a resample; turned round it is taken off. Positives and
    /// negatives are drawn together: how many there are is part of what a calibrated score foresees.
    /// </summary>
    internal static CalibrationCurve WithInterval(ScoreRanking ranking, int seed, CancellationToken cancellationToken)
    {
        var curve = Of(ranking);
        var random = new SplitMix64(SplitMix64.Mix((uint)seed + 6UL));
        int[][] all = [[.. Enumerable.Range(0, ranking.Rows)]];
        var drawn = Bootstrap.Draw(all, ranking.Rows, Bootstrap.ResamplesFor(ranking.Rows), random, weights => ErrorOf(ranking, curve, weights), cancellationToken);
        Array.Sort(drawn);
        var value = curve.ExpectedError;
        var (low, high) = ((2 * value) - Bootstrap.Quantile(drawn, 0.975), (2 * value) - Bootstrap.Quantile(drawn, 0.025));
        return curve with { Low = Math.Clamp(low, 0, value), High = Math.Clamp(high, value, 1) };
    }

    internal static CalibrationCurve Of(ScoreRanking ranking)
    {
        var count = Math.Clamp(ranking.Rows / LeastRows, 1, MostBins);
        var cuts = new List<int> { 0 };
        for (var bin = 1; bin < count; bin++)
        {
            var cut = (int)((long)ranking.Rows * bin / count);
            while (cut < ranking.Rows && ranking.Scores[cut] == ranking.Scores[cut - 1]) cut++;
            if (cut > cuts[^1] && cut < ranking.Rows) cuts.Add(cut);
        }

        cuts.Add(ranking.Rows);
        CalibrationBin[] bins = [.. cuts.Zip(cuts.Skip(1), (from, to) => CalibrationBin.Of(ranking, from, to)).Reverse()];
        return new CalibrationCurve(bins, bins.Sum(b => b.Rows * b.Error) / ranking.Rows, bins.Max(b => b.Error));
    }

    /// <summary>The expected error of a resample, in the bins of all rows.</summary>
    private static double ErrorOf(ScoreRanking ranking, CalibrationCurve curve, int[] weights)
    {
        var (place, total, error) = (0, 0L, 0.0);
        // The highest scores come first in the ranking, the lowest in the curve.
        foreach (var bin in curve.Bins.Reverse())
        {
            var (excess, end) = (0.0, place + bin.Rows);
            for (; place < end; place++)
            {
                excess += weights[place] * (ranking.Scores[place] - (ranking.Positive[place] ? 1.0 : 0.0));
                total += weights[place];
            }

            error += Math.Abs(excess);
        }

        return error / total;
    }
}

/// <param name="Rows">How many rows.</param>
/// <param name="LowestScore">The least score among them.</param>
/// <param name="HighestScore">The greatest.</param>
/// <param name="MeanScore">What the model expects.</param>
/// <param name="ObservedRate">The share of them that is positive.</param>
/// <param name="Low">Lower end of its 95% Wilson interval.</param>
/// <param name="High">Upper end.</param>
public sealed record CalibrationBin(int Rows, double LowestScore, double HighestScore, double MeanScore, double ObservedRate, double Low, double High)
{
    internal double Error => Math.Abs(MeanScore - ObservedRate);

    internal static CalibrationBin Of(ScoreRanking ranking, int from, int to)
    {
        var (sum, positives) = (0.0, 0);
        for (var place = from; place < to; place++)
        {
            sum += ranking.Scores[place];
            positives += ranking.Positive[place] ? 1 : 0;
        }

        var observed = Proportion.Wilson(positives, to - from) ?? throw new ArgumentException($"Found no rows from {from} to {to}; expected at least one.", nameof(to));
        return new CalibrationBin(to - from, ranking.Scores[to - 1], ranking.Scores[from], sum / (to - from), observed.Value, observed.Low, observed.High);
    }
}
