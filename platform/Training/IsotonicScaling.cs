namespace Serverless.Platform.Training;

/// <summary>
/// Rows in groups by their log-odds, the groups' rates made to rise by pooling neighbours that fall (Ayer, Brunk, Ewing, Reid, Silverman,
/// Ann. Math. Stat. 26, 1955), and straight lines in log-odds from group to group and beyond the outermost.
/// </summary>
internal static class IsotonicScaling
{
    // A steeper piece tells rows apart that the learner scores alike, and costs digits in the graph's sums.
    private const double MostSlope = 20;
    private const double LeastSlope = 1e-3;

    public static Calibration? Fit(float[] margins, float[] labels)
    {
        var pools = Pool(Groups(margins, labels));
        if (pools.Count < 2) return null;

        var slopes = new double[pools.Count - 1];
        for (var i = 0; i < slopes.Length; i++)
        {
            slopes[i] = Math.Clamp((pools[i + 1].LogOdds - pools[i].LogOdds) / Math.Max(1e-9, pools[i + 1].Margin - pools[i].Margin), LeastSlope, MostSlope);
        }

        // Outside there is no group to aim at: on as at the end, but no steeper than the learner itself.
        var first = Math.Min(1, slopes[0]);
        var last = Math.Min(1, slopes[^1]);
        var bends = new List<CalibrationBend> { new((float)pools[0].Margin, (float)(slopes[0] - first)) };
        for (var i = 1; i < slopes.Length; i++) bends.Add(new((float)pools[i].Margin, (float)(slopes[i] - slopes[i - 1])));
        bends.Add(new((float)pools[^1].Margin, (float)(last - slopes[^1])));
        return new Calibration(CalibrationMethod.Isotonic, (float)(pools[0].LogOdds - (first * pools[0].Margin)), (float)first, bends, 0, 0);
    }

    private static List<Group> Groups(float[] margins, float[] labels)
    {
        var order = Enumerable.Range(0, margins.Length).OrderBy(r => margins[r]).ThenBy(r => labels[r]).ToArray();
        var size = Math.Max(Calibrator.LeastGroup, (int)Math.Ceiling(order.Length / (double)Calibrator.MostGroups));
        var groups = new List<Group>();
        for (var from = 0; from < order.Length;)
        {
            // Rows of one score stay together; a rest too small for a group goes with the last.
            var to = order.Length - from < 2 * size ? order.Length : from + size;
            while (to < order.Length && margins[order[to]] == margins[order[to - 1]]) to++;
            var rows = order[from..to];
            groups.Add(new Group(rows.Length, rows.Sum(r => (double)margins[r]), rows.Count(r => labels[r] == 1)));
            from = to;
        }

        return groups;
    }

    private static List<Group> Pool(List<Group> groups)
    {
        var pools = new List<Group>();
        foreach (var group in groups)
        {
            pools.Add(group);
            while (pools.Count > 1 && pools[^1].LogOdds <= pools[^2].LogOdds)
            {
                var (a, b) = (pools[^2], pools[^1]);
                pools.RemoveRange(pools.Count - 2, 2);
                pools.Add(new Group(a.Rows + b.Rows, a.MarginSum + b.MarginSum, a.Positives + b.Positives));
            }
        }

        return pools;
    }

    private readonly record struct Group(int Rows, double MarginSum, int Positives)
    {
        public double Margin => MarginSum / Rows;

        // Half a row of each class more, so that a group of one class is not certain.
        public double LogOdds => Math.Log((Positives + 0.5) / (Rows - Positives + 0.5));
    }
}
