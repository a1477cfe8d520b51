using System.Text.Json;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

public sealed class TaskFairnessTests
{
    [Fact]
    public void Of_SeveralClasses_GivesTheFiguresComputedByHand()
    {
        // a: 40 rows, 30 right, 20 predicted x. b: 20 rows, 10 right, 5 predicted x.
        var report = Report(
            LearningTask.MulticlassClassification, ["x", "y"],
            [("a", 20, 0, 0), ("a", 0, 0, 0), ("a", 10, 1, 1), ("a", 10, 0, 1), ("b", 5, 0, 0), ("b", 5, 1, 1), ("b", 10, 0, 1)],
            (actual, predicted) => predicted == 0 ? [0.75f, 0.25f] : [0.25f, 0.75f]);

        var column = Assert.Single(report.Columns);
        Assert.Equal((null, null), (report.Positive, report.Threshold));
        Assert.Equal([0.75, 0.5], column.ClassGroups!.Select(g => g.Accuracy.Value));
        Assert.Equal([0.5, 0.25], column.ClassGroups!.Select(g => g.Classes[0].Predicted.Value));
        Assert.Equal([0.75, 0.75], column.ClassGroups!.Select(g => g.Classes[0].Actual.Value));
        var measures = column.Measures.ToDictionary(m => m.Name);
        Assert.Equal((0.25, "a", "b"), (measures["accuracy-difference"].Value, measures["accuracy-difference"].Highest, measures["accuracy-difference"].Lowest));
        Assert.Equal(0.25 * Math.Log(3), measures["log-loss-difference"].Value!.Value, 6);
        Assert.Equal(0.25, measures["demographic-parity-difference"].Value);
        Assert.Equal([0.25, 0.25], new[] { "x", "y" }.Select(c => measures[$"demographic-parity-difference: {c}"].Value!.Value));
        // Of two classes at once, so wider than that of either.
        Assert.All(["x", "y"], c => Assert.True(measures["demographic-parity-difference"].High > measures[$"demographic-parity-difference: {c}"].High + 0.01));
        Assert.All(column.Measures, m => Assert.True(m.Low < m.Value && m.Value < m.High && m.Definition.Length > 60));
    }

    [Fact]
    public void Of_ANumber_GivesTheFiguresComputedByHand()
    {
        // Errors of a: half 1, half 3; of b: half −1, half 1.
        var report = Report(
            LearningTask.Regression, [], [("a", 20, 10, 11), ("a", 20, 20, 23), ("b", 20, 10, 9), ("b", 20, 20, 21)], (_, predicted) => [predicted]);

        var column = Assert.Single(report.Columns);
        Assert.Equal([2, 0], column.ValueGroups!.Select(g => g.MeanError.Value));
        Assert.Equal([17, 15], column.ValueGroups!.Select(g => g.MeanPrediction.Value));
        Assert.Equal([15, 15], column.ValueGroups!.Select(g => g.MeanActual));
        Assert.Equal(Math.Sqrt(5), column.ValueGroups![0].Rmse.Value, 12);
        var measures = column.Measures.ToDictionary(m => m.Name);
        Assert.Equal((2, "a", "b"), (measures["mean-error-difference"].Value, measures["mean-error-difference"].Highest, measures["mean-error-difference"].Lowest));
        Assert.Equal(2, measures["mean-prediction-difference"].Value!.Value, 12);
        Assert.Equal(Math.Sqrt(5) - 1, measures["rmse-difference"].Value!.Value, 12);
        // The two means are apart by 2, each known to 1.96 × √(40/39) / √40.
        Assert.Equal(2 - (1.959963984540054 * Math.Sqrt(40.0 / 39 / 40 * 2)), measures["mean-error-difference"].Low!.Value, 9);
        Assert.Contains("no figure here is a verdict", report.Reading, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SmallGroups_AreShownAndLeftOutOfTheMeasures()
    {
        var report = Report(LearningTask.Regression, [], [("a", 20, 1, 1), ("a", 20, 2, 2), ("b", 30, 1, 2), ("c", 5, 1, 90)], (_, predicted) => [predicted]);

        var column = Assert.Single(report.Columns);
        Assert.Equal([false, false, true], column.ValueGroups!.Select(g => g.Small));
        Assert.All(column.Measures, m => Assert.Equal(2, m.Groups));
        Assert.Equal(1, column.Measures[0].Value);
    }

    [Fact]
    public void Of_AnyTask_SurvivesJson()
    {
        var sensitive = new Dictionary<string, string[]> { ["G"] = [.. Enumerable.Range(0, 90).Select(i => i % 2 == 0 ? "a" : "b")] };

        Assert.All(new[] { TaskRows.Classes(90, sensitive: sensitive), TaskRows.Numbers(90, sensitive: sensitive) }, input =>
        {
            var json = JsonSerializer.Serialize(FairnessEvaluation.Of(input, null, CancellationToken.None), Platform.Json.Options);
            Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<FairnessReport>(json, Platform.Json.Options), Platform.Json.Options));
        });
    }

    private static FairnessReport Report(
        LearningTask task, IReadOnlyList<string> classes, (string Group, int Rows, float Actual, float Predicted)[] groups, Func<float, float, float[]> scores)
    {
        var rows = groups.SelectMany(g => Enumerable.Repeat(g, g.Rows)).ToArray();
        return FairnessEvaluation.Of(
            new EvaluationInput(
                task, classes, [.. rows.SelectMany(r => scores(r.Actual, r.Predicted))], [.. rows.Select(r => r.Actual)], 0, 17,
                new Dictionary<string, string[]> { ["Group"] = [.. rows.Select(r => r.Group)] }),
            null, CancellationToken.None);
    }
}
