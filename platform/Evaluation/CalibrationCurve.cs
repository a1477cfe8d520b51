namespace Serverless.Platform.Evaluation;

/// <summary>
/// Whether a score of 20% comes true in 20% of cases: held-out rows cut by score into bins of equal count, equal scores kept in one bin
/// (Niculescu-Mizil, Caruana, ICML 2005; equal counts after Nguyen, O'Connor, EMNLP 2015).
/// </summary>
/// <param name="Bins">The bins, the lowest scores first.</param>
/// <param name="ExpectedError">The mean over all rows of |mean score − observed rate| of their bin: the expected calibration error.</param>
/// <param name="GreatestError">The greatest of these differences.</param>
/// <param name="ByChance">
/// The expected error that a model whose scores all come true would show at most, in 95% of samples of so many rows with these scores; null in reports of older releases, and
/// where it was not asked for. The error itself is never below 0, so an interval about it that holds its value 95 times in 100 cannot be had by resampling.
/// </param>
public sealed record CalibrationCurve(IReadOnlyList<CalibrationBin> Bins, double ExpectedError, double GreatestError, double? ByChance = null)
{
    public const int MostBins = 10;

    /// <summary>Fewer rows make a bin's observed rate say nothing. <value>20.</value></summary>
    public const int LeastRows = 20;

    /// <summary>
    /// The curve with what chance alone makes of its error: labels are drawn anew as often as the scores say (consistency resampling: Bröcker, Smith, Weather and
    /// Forecasting 22, 2007).
    /// </summary>
    internal static CalibrationCurve WithChance(ScoreRanking ranking, int seed, CancellationToken cancellationToken)
    {
        var curve = Of(ranking);
        var random = new SplitMix64(SplitMix64.Mix((uint)seed + 6UL));
        var drawn = new double[Bootstrap.ResamplesFor(ranking.Rows)];
        for (var sample = 0; sample < drawn.Length; sample++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            drawn[sample] = ErrorByChance(ranking, curve, ref random);
        }

        Array.Sort(drawn);
        return curve with { ByChance = Bootstrap.Quantile(drawn, 0.95) };
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

    /// <summary>The expected error of labels that come true as often as the scores say, in the curve's bins.</summary>
    private static double ErrorByChance(ScoreRanking ranking, CalibrationCurve curve, ref SplitMix64 random)
    {
        var (place, error) = (0, 0.0);
        // The highest scores come first in the ranking, the lowest in the curve.
        foreach (var bin in curve.Bins.Reverse())
        {
            var (excess, end) = (0.0, place + bin.Rows);
            for (; place < end; place++) excess += ranking.Scores[place] - (random.NextDouble() < ranking.Scores[place] ? 1.0 : 0.0);
            error += Math.Abs(excess);
        }

        return error / ranking.Rows;
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
