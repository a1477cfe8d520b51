using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>Measures a model on the groups of its sensitive columns.</summary>
public static class FairnessEvaluation
{
    private const string Reading =
        "The measures can contradict one another, groups may differ in what the target depends on, and small samples differ by chance: a difference is a reason to "
        + "look closer, and no figure here is a verdict.";

    /// <param name="input">Scores of held-out rows, what is true, and the sensitive columns.</param>
    /// <param name="positive">What the positive class is called; null where there is none.</param>
    /// <param name="cancellationToken">Checked before every column.</param>
    public static FairnessReport Of(EvaluationInput input, string? positive, CancellationToken cancellationToken)
    {
        var classes = input.Task == LearningTask.MulticlassClassification ? new ClassScores(input.Scores, input.Width, input.Labels) : null;
        var columns = new List<ColumnFairness>();
        foreach (var (column, values) in input.SensitiveColumns())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var groups = SliceEvaluation.Groups(values);
            columns.Add(input.Task switch
            {
                LearningTask.MulticlassClassification when classes is not null => ClassFairness.Of(column, groups, classes, input.Classes),
                LearningTask.Regression => ValueFairness.Of(column, groups, input.Scores, input.Labels),
                _ => Measure(column, groups, input, cancellationToken),
            });
        }

        return input.Task == LearningTask.BinaryClassification
            ? new FairnessReport(positive, input.Threshold, $"Figures of the held-out rows at the model's threshold, with 95% intervals. {Reading}", columns)
            : new FairnessReport(null, null, $"Figures of the held-out rows, with 95% intervals. {Reading}", columns);
    }

    /// <summary>Whether a group can be compared: what was put together of small groups is no group, however many rows it comes to.</summary>
    internal static bool IsSmall(string group, int rows) => rows < SliceEvaluation.LeastRows || group == SliceEvaluation.SmallGroups;

    internal static Proportion Share(int part, int rows) =>
        Proportion.Wilson(part, rows) ?? throw new ArgumentException("Found a group of no rows; expected at least one.", nameof(rows));

    private static ColumnFairness Measure(
        string column, IReadOnlyList<(string Group, int[] Rows)> groups, EvaluationInput input, CancellationToken cancellationToken)
    {
        GroupFairness[] measured = [.. groups.Select(g => Measure(g.Group, g.Rows, input, cancellationToken))];
        int[][] compared = [.. groups.Where(g => !IsSmall(g.Group, g.Rows.Length)).Select(g => g.Rows)];
        return new ColumnFairness(column, measured, FairnessMeasures.Of(measured, GroupCalibration.ByChance(compared, input.Scores, input.Seed, cancellationToken)));
    }

    private static GroupFairness Measure(string group, int[] rows, EvaluationInput input, CancellationToken cancellationToken)
    {
        var (scores, labels, threshold) = (input.Scores, input.Labels, input.Threshold);
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
        var small = IsSmall(group, rows.Length);
        var ranking = positives > 0 && negatives > 0 ? new ScoreRanking([.. rows.Select(r => scores[r])], [.. rows.Select(r => labels[r])]) : null;
        var calibration = small || ranking is null ? null : CalibrationCurve.WithChance(ranking, input.Seed, cancellationToken);
        var mean = sum / rows.Length;
        return new GroupFairness(
            group, rows.Length, positives, small,
            Share(positives, rows.Length), mean, Share(truePositives + falsePositives, rows.Length),
            Proportion.Wilson(truePositives, positives), Proportion.Wilson(falsePositives, negatives), Proportion.Wilson(truePositives, truePositives + falsePositives),
            ranking is not null && Math.Min(positives, negatives) >= AucInterval.LeastOfEither ? AucInterval.Of(ranking) : null,
            mean - ((double)positives / rows.Length),
            calibration?.ExpectedError)
        {
            CalibrationByChance = calibration?.ByChance,
        };
    }
}
