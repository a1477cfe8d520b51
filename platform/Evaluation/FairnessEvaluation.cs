namespace Serverless.Platform.Evaluation;

/// <summary>Measures a model on the groups of its sensitive columns.</summary>
public static class FairnessEvaluation
{
    private const string Reading =
        "Figures of the held-out rows at the model's threshold, with 95% intervals. The measures can contradict one another, groups may differ in what the target "
        + "depends on, and small samples differ by chance: a difference is a reason to look closer, and no figure here is a verdict.";

    /// <param name="scores">Probabilities of the positive class.</param>
    /// <param name="labels">1 or 0 for each score.</param>
    /// <param name="threshold">A row with at least this score is predicted positive.</param>
    /// <param name="positive">What the positive class is called.</param>
    /// <param name="sensitive">Sensitive columns by name, one text per row, empty where missing.</param>
    /// <param name="cancellationToken">Checked before every column.</param>
    public static FairnessReport Of(
        float[] scores,
        float[] labels,
        double threshold,
        string positive,
        IReadOnlyDictionary<string, string[]> sensitive,
        CancellationToken cancellationToken)
    {
        var columns = new List<ColumnFairness>();
        foreach (var (column, values) in sensitive.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            GroupFairness[] groups = [.. SliceEvaluation.Groups(values).Select(g => Measure(g.Group, g.Rows, scores, labels, threshold))];
            columns.Add(new ColumnFairness(column, groups, FairnessMeasures.Of(groups)));
        }

        return new FairnessReport(positive, threshold, Reading, columns);
    }

    private static GroupFairness Measure(string group, int[] rows, float[] scores, float[] labels, double threshold)
    {
        int positives = 0, truePositives = 0, falsePositives = 0;
        var sum = 0.0;
        foreach (var row in rows)
        {
            var (isPositive, isSelected) = (labels[row] == 1, scores[row] >= threshold);
            positives += isPositive ? 1 : 0;
            truePositives += isPositive && isSelected ? 1 : 0;
            falsePositives += !isPositive && isSelected ? 1 : 0;
            sum += scores[row];
        }

        var negatives = rows.Length - positives;
        // What was put together of small groups is no group that could be compared, however many rows it comes to.
        var small = rows.Length < SliceEvaluation.LeastRows || group == SliceEvaluation.SmallGroups;
        var ranking = positives > 0 && negatives > 0 ? new ScoreRanking([.. rows.Select(r => scores[r])], [.. rows.Select(r => labels[r])]) : null;
        var mean = sum / rows.Length;
        return new GroupFairness(
            group, rows.Length, positives, small,
            Share(positives, rows.Length), mean, Share(truePositives + falsePositives, rows.Length),
            Proportion.Wilson(truePositives, positives), Proportion.Wilson(falsePositives, negatives), Proportion.Wilson(truePositives, truePositives + falsePositives),
            ranking is not null && Math.Min(positives, negatives) >= AucInterval.LeastOfEither ? AucInterval.Of(ranking) : null,
            mean - ((double)positives / rows.Length),
            small || ranking is null ? null : CalibrationCurve.Of(ranking).ExpectedError);
    }

    private static Proportion Share(int part, int rows) =>
        Proportion.Wilson(part, rows) ?? throw new ArgumentException("Found a group of no rows; expected at least one.", nameof(rows));
}
