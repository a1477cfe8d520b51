namespace Serverless.Platform.Evaluation;

/// <summary>A ranking that takes weights by row instead of by place, so that two models' can be given the same.</summary>
internal sealed class RankedRows : TaskScores
{
    private readonly ScoreRanking ranking;
    private readonly int[] placeOf;
    private readonly int[] weightOf;

    /// <param name="scores">Probabilities of the positive class.</param>
    /// <param name="labels">1 or 0 for each score.</param>
    public RankedRows(float[] scores, float[] labels)
    {
        ranking = new ScoreRanking(scores, labels);
        placeOf = new int[scores.Length];
        weightOf = new int[scores.Length];
        int[] rows = [.. Enumerable.Range(0, scores.Length)];
        Array.Sort((float[])scores.Clone(), rows);
        Array.Reverse(rows);
        var free = new Queue<int>[] { new(), new() };
        for (int row = 0, place = 0; row < rows.Length; row++)
        {
            // Rows of one score and class are alike to every metric: any of their places will do.
            for (; place < rows.Length && ranking.Scores[place] == scores[rows[row]]; place++) free[ranking.Positive[place] ? 1 : 0].Enqueue(place);
            placeOf[rows[row]] = free[labels[rows[row]] == 1 ? 1 : 0].Dequeue();
        }

        Strata = [[.. Enumerable.Range(0, labels.Length).Where(r => labels[r] == 1)], [.. Enumerable.Range(0, labels.Length).Where(r => labels[r] != 1)]];
    }

    public override int Rows => placeOf.Length;

    public override IReadOnlyList<int[]> Strata { get; }

    public override double[] Measure(IReadOnlyList<string> metrics, ReadOnlySpan<int> weights)
    {
        for (var row = 0; row < placeOf.Length; row++) weightOf[placeOf[row]] = weights[row];
        return ranking.Measure(metrics, weightOf);
    }
}
