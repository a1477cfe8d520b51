namespace Serverless.Platform.Evaluation;

/// <summary>How far apart groups would be in what scores overstate or understate, were they alike in it.</summary>
internal static class GroupCalibration
{
    /// <summary>
    /// What a model whose scores all come true would show at most as the highest less the lowest difference of a group's mean score and share of positives, in 95% of
    /// samples: labels are drawn as <see cref="CalibrationCurve.WithChance"/> draws them.
    /// </summary>
    /// <returns>Null with fewer than two groups: there is nothing to compare.</returns>
    public static double? ByChance(IReadOnlyList<int[]> groups, float[] scores, int seed, CancellationToken cancellationToken)
    {
        if (groups.Count < 2)
        {
            return null;
        }

        var random = new SplitMix64(SplitMix64.Mix((uint)seed + 7UL));
        var drawn = new double[Bootstrap.ResamplesFor(groups.Sum(g => (long)g.Length))];
        for (var sample = 0; sample < drawn.Length; sample++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (least, most) = (double.MaxValue, double.MinValue);
            foreach (var rows in groups)
            {
                var excess = 0.0;
                foreach (var row in rows) excess += scores[row] - (random.NextDouble() < scores[row] ? 1.0 : 0.0);
                (least, most) = (Math.Min(least, excess / rows.Length), Math.Max(most, excess / rows.Length));
            }

            drawn[sample] = most - least;
        }

        Array.Sort(drawn);
        return Bootstrap.Quantile(drawn, 0.95);
    }
}
