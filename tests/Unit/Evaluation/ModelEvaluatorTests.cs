using System.Text.Json;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

public sealed class ModelEvaluatorTests
{
    private static readonly float[] Scores = [0.9f, 0.8f, 0.6f, 0.5f, 0.3f, 0.1f];
    private static readonly float[] Labels = [1, 0, 1, 1, 0, 0];

    [Fact]
    public void Evaluate_SixRows_CountsThoseAtTheThresholdAsPositive()
    {
        var report = Evaluate(Scores, Labels, 0.6f).Report!;

        Assert.Equal((6, 3), (report.Rows, report.Positives));
        Assert.Equal(new Confusion(0.6f, 2, 1, 2, 1, 2.0 / 3, 2.0 / 3, 2.0 / 3, 4.0 / 6), report.Confusion);
    }

    [Fact]
    public void Evaluate_NothingPredictedPositive_HasNoPrecision()
    {
        var confusion = Evaluate(Scores, Labels, 0.95).Report!.Confusion!;

        Assert.Null(confusion.Precision);
        Assert.Equal(0, confusion.Recall);
        Assert.Equal(1, confusion.Specificity);
    }

    [Theory]
    [InlineData(0, "0 positive and 3 negative")]
    [InlineData(1, "3 positive and 0 negative")]
    public void Evaluate_OneClass_Refuses(float label, string found)
    {
        var outcome = Evaluate([0.1f, 0.5f, 0.9f], [label, label, label], 0.5);

        Assert.Null(outcome.Report);
        Assert.Contains(found, outcome.Refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_NoRows_Refuses() => Assert.NotNull(Evaluate([], [], 0.5).Refusal);

    [Fact]
    public void Evaluate_Report_HasTheJsonOfMetrics()
    {
        var json = JsonSerializer.SerializeToElement(Evaluate(Scores, Labels, 0.5).Report, JsonSerializerOptions.Web);

        var metric = json.GetProperty("metrics").GetProperty("roc-auc");
        Assert.Equal(7.0 / 9, metric.GetProperty("value").GetDouble(), 12);
        Assert.True(metric.GetProperty("low").GetDouble() <= metric.GetProperty("high").GetDouble());
        Assert.Equal(MetricNames.All, json.GetProperty("metrics").EnumerateObject().Select(m => m.Name));
    }

    [Fact]
    public void Evaluate_Report_SurvivesJson()
    {
        var report = Evaluate(Scores, Labels, 0.5, Column("Region", ["n", "n", "s", "s", "s", ""])).Report;

        var json = JsonSerializer.Serialize(report, JsonSerializerOptions.Web);

        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<EvaluationReport>(json, JsonSerializerOptions.Web), JsonSerializerOptions.Web));
    }

    [Fact]
    public void Evaluate_SensitiveCategory_MeasuresEachGroupAndPutsSmallOnesTogether()
    {
        float[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? 1f : 0f)];
        float[] scores = [.. Enumerable.Range(0, 100).Select(i => i < 60 ? (i % 2 == 0 ? 0.9f : 0.1f) : 0.7f)];
        string[] region = [.. Enumerable.Range(0, 100).Select(i => i < 60 ? "north" : i < 85 ? "south" : i < 95 ? "east" : "west")];

        var slices = Assert.Single(Evaluate(scores, labels, 0.5, Column("Region", region)).Report!.Slices);

        Assert.Equal("Region", slices.Column);
        Assert.Equal(
            [
                new GroupSlice("north", 60, 30, 0.5, 1, false),
                new GroupSlice("south", 25, 13, 1, 0.5, false),
                new GroupSlice(SliceEvaluation.SmallGroups, 15, 7, 1, 0.5, true),
            ],
            slices.Groups);
    }

    [Fact]
    public void Evaluate_GroupOfOneClass_HasNoRocAuc()
    {
        float[] labels = [.. Enumerable.Range(0, 40).Select(i => i < 10 ? 1f : 0f)];
        string[] region = [.. Enumerable.Range(0, 40).Select(i => i < 20 ? "a" : "b")];

        var groups = Evaluate([.. labels.Select(l => l / 2)], labels, 0.5, Column("Region", region)).Report!.Slices[0].Groups;

        Assert.Equal([1, null], groups.Select(g => g.RocAuc));
    }

    private static EvaluationOutcome Evaluate(float[] scores, float[] labels, double threshold, Dictionary<string, string[]>? sensitive = null) =>
        ModelEvaluator.Evaluate(new EvaluationInput(LearningTask.BinaryClassification, [], scores, labels, threshold, 1, sensitive, new CostPolicy(1, 5)), CancellationToken.None);

    private static Dictionary<string, string[]> Column(string name, string[] values) => new() { [name] = values };
}
