namespace Serverless.Platform.Evaluation;

/// <summary>Looks at a model group by group, so that a good average cannot hide a group it fails.</summary>
public static class SliceEvaluation
{
    /// <summary>Groups with fewer rows are put together, and flagged if they are still fewer. <value>20.</value></summary>
    public const int LeastRows = 20;

    public const string SmallGroups = "(small groups)";

    internal static SensitiveSlices Of(string column, string[] values, EvaluationInput input, TaskScores measured, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new SensitiveSlices(column, [.. Groups(values).Select(g => measured switch
        {
            ClassScores classes => Measure(g.Group, g.Rows, classes),
            ValueErrors errors => Measure(g.Group, g.Rows, errors),
            _ => Measure(g.Group, g.Rows, input.Scores, input.Labels, input.Threshold),
        })]);
    }

    /// <summary>The groups of a column with their rows, small ones put together.</summary>
    internal static IReadOnlyList<(string Group, int[] Rows)> Groups(string[] values)
    {
        var groups = SensitiveGroups.Of(values, LeastRows);
        var small = groups.Where(g => g.Rows.Length < LeastRows).ToList();
        return small.Count <= 1
            ? groups
            : [.. groups.Where(g => g.Rows.Length >= LeastRows), (SmallGroups, [.. small.SelectMany(g => g.Rows).Order()])];
    }

    private static GroupSlice Measure(string group, int[] rows, float[] scores, float[] labels, double threshold)
    {
        float[] groupScores = [.. rows.Select(r => scores[r])];
        float[] groupLabels = [.. rows.Select(r => labels[r])];
        var positives = groupLabels.Count(l => l == 1);
        double? rocAuc = positives == 0 || positives == rows.Length ? null : new ScoreRanking(groupScores, groupLabels).Measure().RocAuc;
        return new GroupSlice(group, rows.Length, positives, groupScores.Average(s => s >= threshold ? 1.0 : 0.0), rocAuc, rows.Length < LeastRows);
    }

    private static GroupSlice Measure(string group, int[] rows, ClassScores classes) => Of(group, rows, new()
    {
        [MetricNames.Accuracy] = rows.Average(r => classes.Predicted[r] == classes.Labels[r] ? 1.0 : 0.0),
        [MetricNames.LogLoss] = rows.Average(r => classes.LogLoss[r]),
    });

    private static GroupSlice Measure(string group, int[] rows, ValueErrors values) => Of(group, rows, new()
    {
        [MetricNames.Rmse] = Math.Sqrt(rows.Average(r => values.Errors[r] * values.Errors[r])),
        [MetricNames.Mae] = rows.Average(r => Math.Abs(values.Errors[r])),
    });

    private static GroupSlice Of(string group, int[] rows, Dictionary<string, double> metrics) =>
        new(group, rows.Length, null, null, null, rows.Length < LeastRows, metrics);
}
