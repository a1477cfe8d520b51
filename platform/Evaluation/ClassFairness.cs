namespace Serverless.Platform.Evaluation;

/// <summary>How a model of several classes treats the groups of a sensitive column.</summary>
internal static class ClassFairness
{
    public const string AccuracyDifference = "accuracy-difference";
    public const string LogLossDifference = "log-loss-difference";

    private const string Compared = "Small groups are left out.";

    public static ColumnFairness Of(string column, IReadOnlyList<(string Group, int[] Rows)> groups, ClassScores rows, IReadOnlyList<string> classes)
    {
        ClassGroupFairness[] measured = [.. groups.Select(g => Measure(g.Group, g.Rows, rows, classes))];
        return new ColumnFairness(column, [], [.. Measures([.. measured.Where(g => !g.Small)], classes)], ClassGroups: measured);
    }

    private static ClassGroupFairness Measure(string group, int[] places, ClassScores rows, IReadOnlyList<string> classes)
    {
        var (actual, predicted, right) = (new int[classes.Count], new int[classes.Count], 0);
        foreach (var row in places)
        {
            actual[rows.Labels[row]]++;
            predicted[rows.Predicted[row]]++;
            right += rows.Labels[row] == rows.Predicted[row] ? 1 : 0;
        }

        double[] losses = [.. places.Select(r => rows.LogLoss[r])];
        return new ClassGroupFairness(
            group, places.Length, FairnessEvaluation.IsSmall(group, places.Length),
            FairnessEvaluation.Share(right, places.Length), SampleMean.OfLosses(losses),
            [.. classes.Select((name, c) => new GroupClass(
                name, FairnessEvaluation.Share(actual[c], places.Length), FairnessEvaluation.Share(predicted[c], places.Length)))]);
    }

    private static IEnumerable<FairnessMeasure> Measures(ClassGroupFairness[] groups, IReadOnlyList<string> classes)
    {
        yield return Difference(
            AccuracyDifference, groups.Select(g => GroupFigure.Of(g.Group, g.Accuracy)), "The highest less the lowest share of rows whose class is predicted.");
        yield return Difference(
            LogLossDifference, groups.Select(g => GroupFigure.Of(g.Group, g.LogLoss)),
            "The highest less the lowest mean log loss: −ln of the probability given to the class that came true.");
        GroupFigure[][] predicted = [.. classes.Select((_, c) => groups.Select(g => GroupFigure.Of(g.Group, g.Classes[c].Predicted)).ToArray())];
        FairnessMeasure[] shares = [.. classes.Select((name, c) => Difference(
            $"{FairnessMeasures.DemographicParityDifference}: {name}", predicted[c], $"The highest less the lowest share of rows predicted '{name}' of any group."))];
        if (shares.Length > 0)
        {
            const string definition = "The largest, over the classes, of the highest less the lowest share of rows predicted so of any group; the interval is of all classes.";
            var largest = shares.MaxBy(s => s.Value)!;
            yield return GroupGap.Difference(
                FairnessMeasures.DemographicParityDifference, GroupGap.Greatest(predicted),
                largest.Value is null ? $"{definition} {Compared}" : $"{definition} Here it is that of '{classes[Array.IndexOf(shares, largest)]}'. {Compared}");
        }

        foreach (var share in shares) yield return share;
    }

    private static FairnessMeasure Difference(string name, IEnumerable<GroupFigure> figures, string definition) =>
        GroupGap.Difference(name, GroupGap.Of([.. figures]), $"{definition} {Compared}");
}
