namespace Serverless.Platform.Evaluation;

/// <summary>How each of several classes fares on held-out rows. A row is predicted to be of the class with the greatest probability.</summary>
/// <param name="Each">Class by class.</param>
/// <param name="Confusion">How many rows of each class (outer) are predicted to be of each class (inner), in the order of <paramref name="Each"/>.</param>
public sealed record ClassReport(IReadOnlyList<ClassPerformance> Each, IReadOnlyList<IReadOnlyList<int>> Confusion)
{
    internal static ClassReport Of(ClassScores rows, IReadOnlyList<string> classes)
    {
        var confusion = classes.Select(_ => new int[classes.Count]).ToArray();
        for (var row = 0; row < rows.Rows; row++) confusion[rows.Labels[row]][rows.Predicted[row]]++;
        return new ClassReport([.. classes.Select((name, c) => Measure(rows, name, c, confusion))], confusion);
    }

    private static ClassPerformance Measure(ClassScores rows, string name, int place, int[][] confusion)
    {
        var (right, actual, predicted) = (confusion[place][place], confusion[place].Sum(), confusion.Sum(row => row[place]));
        return new ClassPerformance(
            name, actual, predicted,
            Proportion.Wilson(right, predicted), Proportion.Wilson(right, actual),
            actual + predicted == 0 ? null : 2.0 * right / (actual + predicted),
            Math.Min(actual, rows.Rows - actual) < AucInterval.LeastOfEither ? null : AucInterval.Of(Ranking(rows, place)));
    }

    private static ScoreRanking Ranking(ClassScores rows, int place)
    {
        var (scores, labels) = (new float[rows.Rows], new float[rows.Rows]);
        for (var row = 0; row < scores.Length; row++) (scores[row], labels[row]) = (rows.Score(row, place), rows.Labels[row] == place ? 1 : 0);
        return new ScoreRanking(scores, labels);
    }
}

/// <param name="Class">The class.</param>
/// <param name="Rows">How many rows are of it.</param>
/// <param name="Predicted">How many are predicted to be.</param>
/// <param name="Precision">Of the rows predicted so, the share that is; null where none is predicted so.</param>
/// <param name="Recall">Of the rows of the class, the share predicted so; null without rows.</param>
/// <param name="F1">2 TP / (2 TP + FP + FN); null where it is neither there nor predicted.</param>
/// <param name="RocAuc">The class against all others, with its 95% interval (DeLong); null with fewer than 10 rows of either.</param>
public sealed record ClassPerformance(string Class, int Rows, int Predicted, Proportion? Precision, Proportion? Recall, double? F1, MetricEstimate? RocAuc);
