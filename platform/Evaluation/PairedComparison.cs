namespace Serverless.Platform.Evaluation;

/// <summary>
/// Compares two models on the same rows by a paired bootstrap (Efron, Tibshirani: An Introduction to the Bootstrap, 1993, ch. 13): both are measured on
/// each resample, so what is hard for both cancels out, and the interval is of the difference itself.
/// </summary>
public static class PairedComparison
{
    /// <param name="candidate">The candidate's probabilities of the positive class.</param>
    /// <param name="champion">The champion's, of the same rows.</param>
    /// <param name="labels">1 or 0 for each row; both classes must be there.</param>
    /// <param name="version">The champion's version.</param>
    /// <param name="seed">The same seed gives the same intervals.</param>
    /// <param name="cancellationToken">Checked before every resample.</param>
    /// <exception cref="ArgumentException">Lengths differ, a score is outside [0, 1], a label is neither 0 nor 1, or there is one class only.</exception>
    public static ComparisonReport Of(float[] candidate, float[] champion, float[] labels, int version, int seed, CancellationToken cancellationToken)
    {
        var (one, other) = (new Ranked(candidate, labels), new Ranked(champion, labels));
        int[] positives = [.. Enumerable.Range(0, labels.Length).Where(r => labels[r] == 1)];
        int[] negatives = [.. Enumerable.Range(0, labels.Length).Where(r => labels[r] != 1)];
        // Two models are measured on each resample, for the cost of two.
        var resamples = MetricIntervals.ResamplesFor(2 * labels.Length);
        var random = new SplitMix64(SplitMix64.Mix((uint)seed + 3UL));
        var weights = new int[labels.Length];
        var drawn = new (MetricValues Candidate, MetricValues Champion)[resamples];
        for (var r = 0; r < resamples; r++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Array.Clear(weights);
            MetricIntervals.Draw(positives, weights, ref random);
            MetricIntervals.Draw(negatives, weights, ref random);
            drawn[r] = (one.Measure(weights), other.Measure(weights));
        }

        var (mine, theirs) = (one.Ranking.Measure(), other.Ranking.Measure());
        return new ComparisonReport(
            version, labels.Length, resamples,
            MetricNames.All.ToDictionary(m => m, m => Difference(m, mine[m] - theirs[m], [.. drawn.Select(d => d.Candidate[m] - d.Champion[m]).Order()])));
    }

    private static PairedDifference Difference(string metric, double value, double[] sorted)
    {
        var sign = MetricNames.IsHigherBetter(metric) ? 1 : -1;
        var (low, high) = (MetricIntervals.Quantile(sorted, 0.025), MetricIntervals.Quantile(sorted, 0.975));
        return new PairedDifference(
            value, Math.Min(value, low), Math.Max(value, high), sorted.Average(d => d * sign > 0 ? 1.0 : d == 0 ? 0.5 : 0));
    }

    /// <summary>A ranking that takes weights by row instead of by place.</summary>
    private sealed class Ranked
    {
        private readonly int[] placeOf;
        private readonly int[] weightOf;

        public Ranked(float[] scores, float[] labels)
        {
            Ranking = new ScoreRanking(scores, labels);
            placeOf = new int[scores.Length];
            weightOf = new int[scores.Length];
            int[] rows = [.. Enumerable.Range(0, scores.Length)];
            Array.Sort((float[])scores.Clone(), rows);
            Array.Reverse(rows);
            var free = new Queue<int>[] { new(), new() };
            for (int row = 0, place = 0; row < rows.Length; row++)
            {
                // Rows of one score and class are alike to every metric: any of their places will do.
                for (; place < rows.Length && Ranking.Scores[place] == scores[rows[row]]; place++) free[Ranking.Positive[place] ? 1 : 0].Enqueue(place);
                placeOf[rows[row]] = free[labels[rows[row]] == 1 ? 1 : 0].Dequeue();
            }
        }

        public ScoreRanking Ranking { get; }

        public MetricValues Measure(int[] weightOfRow)
        {
            for (var row = 0; row < placeOf.Length; row++) weightOf[placeOf[row]] = weightOfRow[row];
            return Ranking.Measure(weightOf);
        }
    }
}
