namespace Serverless.Platform.Datasets.Profiles;

/// <summary>The population stability index of two counts over the same bins.</summary>
internal static class StabilityIndex
{
    /// <summary>What is taken for a shift by convention.</summary>
    public const double Bound = 0.1;

    private const double Added = 0.5;
    private const double Deviations = 3;

    /// <summary>Σ (q − p)·ln(q/p).</summary>
    public static double Of(IReadOnlyList<long> before, IReadOnlyList<long> after)
    {
        var (all, now) = (before.Sum() + (Added * before.Count), after.Sum() + (Added * after.Count));
        var sum = 0.0;
        for (var bin = 0; bin < before.Count; bin++)
        {
            var (p, q) = ((before[bin] + Added) / all, (after[bin] + Added) / now);
            sum += (q - p) * Math.Log(q / p);
        }

        return sum;
    }

    /// <summary>
    /// What two samples of one population exceed seldom: the index, divided by 1/n + 1/m, is about chi-squared with one degree of freedom less than
    /// bins (Yurdakul, "Statistical Properties of Population Stability Index", 2018); three standard deviations above its mean.
    /// </summary>
    public static double ByChance(int bins, long before, long after)
    {
        var freedom = Math.Max(1, bins - 1);
        return (freedom + (Deviations * Math.Sqrt(2.0 * freedom))) * ((1.0 / Math.Max(1, before)) + (1.0 / Math.Max(1, after)));
    }
}
