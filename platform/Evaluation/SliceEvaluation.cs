namespace Serverless.Platform.Evaluation;

/// <summary>Looks at a model group by group, so that a good average cannot hide a group it fails.</summary>
public static class SliceEvaluation
{
    /// <summary>Groups with fewer rows are put together, and flagged if they are still fewer. <value>20.</value></summary>
    public const int LeastRows = 20;

    public const string SmallGroups = "(small groups)";

    internal static SensitiveSlices Of(string column, string[] values, float[] scores, float[] labels, double threshold) =>
        new(column, [.. Groups(values).Select(g => Measure(g.Group, g.Rows, scores, labels, threshold))]);

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
}
