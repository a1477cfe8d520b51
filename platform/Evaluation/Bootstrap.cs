namespace Serverless.Platform.Evaluation;

/// <summary>
/// Resamples rows with replacement (Efron, Tibshirani: An Introduction to the Bootstrap, 1993, ch. 13). How many rows there are of a class is chance too, and is drawn
/// with the rest; only classes of few rows are drawn apart, so that no resample lacks one.
/// </summary>
internal static class Bootstrap
{
    public const int MostResamples = 1_000;
    public const int LeastResamples = 200;

    /// <summary>Classes of fewer rows are drawn apart.</summary>
    public const int FewRows = 20;

    // Draws that take about half a second on one core; beyond 20,000 rows there are fewer resamples, down to the least.
    private const int DrawBudget = 20_000_000;

    public static int ResamplesFor(long rows) => (int)Math.Clamp(DrawBudget / Math.Max(rows, 1), LeastResamples, MostResamples);

    /// <param name="strata">Row numbers, class by class; each class has at least one row in every resample, and one of few rows as many as it has.</param>
    /// <param name="rows">How many rows there are in all.</param>
    /// <param name="resamples">How many resamples are drawn.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="measure">What is found with each row counted as often as its weight says. The weights are used again for the next resample.</param>
    /// <param name="cancellationToken">Checked before every resample.</param>
    public static T[] Draw<T>(
        IReadOnlyList<int[]> strata, int rows, int resamples, SplitMix64 random, Func<int[], T> measure, CancellationToken cancellationToken)
    {
        var weights = new int[rows];
        var drawn = new T[resamples];
        int[][] apart = [.. strata.Where(s => s.Length < FewRows), [.. strata.Where(s => s.Length >= FewRows).SelectMany(s => s)]];
        for (var r = 0; r < resamples; r++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            do
            {
                Array.Clear(weights);
                foreach (var stratum in apart)
                {
                    for (var i = 0; i < stratum.Length; i++) weights[stratum[random.Below(stratum.Length)]]++;
                }
            }
            while (strata.Any(stratum => !Array.Exists(stratum, row => weights[row] > 0)));

            drawn[r] = measure(weights);
        }

        return drawn;
    }

    /// <summary>Linear interpolation between order statistics: type 7 of Hyndman, Fan, The American Statistician 50, 1996.</summary>
    public static double Quantile(double[] sorted, double probability)
    {
        var place = probability * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
