using System.Text.Json;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

public sealed class ClassEvaluationTests
{
    private static readonly EvaluationInput FiveRows = new(
        LearningTask.MulticlassClassification, TaskRows.Names,
        [0.7f, 0.2f, 0.1f, 0.3f, 0.6f, 0.1f, 0.5f, 0.3f, 0.2f, 0.1f, 0.1f, 0.8f, 0.2f, 0.5f, 0.3f], [0, 1, 1, 2, 2], 0, 17);

    [Fact]
    public void Evaluate_FiveRows_CountsClassByClass()
    {
        var report = Report(FiveRows);

        Assert.Equal([[1, 0, 0], [1, 1, 0], [0, 1, 1]], report.Classes!.Confusion);
        Assert.Equal([("current", 1, 2), ("early", 2, 2), ("late", 2, 1)], report.Classes.Each.Select(c => (c.Class, c.Rows, c.Predicted)));
        Assert.Equal([0.5, 0.5, 1], report.Classes.Each.Select(c => c.Precision!.Value));
        Assert.Equal([1, 0.5, 0.5], report.Classes.Each.Select(c => c.Recall!.Value));
        Assert.Equal([2.0 / 3, 0.5, 2.0 / 3], report.Classes.Each.Select(c => c.F1!.Value));
        Assert.All(report.Classes.Each, c => Assert.Null(c.RocAuc));
        Assert.Equal((null, null, null), (report.Positives, report.Confusion, report.Residuals));
    }

    [Fact]
    public void Evaluate_AnyMetric_HasAnIntervalThatHoldsIt()
    {
        var report = Report(TaskRows.Classes(600));

        Assert.Equal(MetricNames.For(LearningTask.MulticlassClassification).All, report.Metrics.Keys);
        Assert.All(report.Metrics.Values, m => Assert.True(m.Low < m.Value && m.Value < m.High));
        Assert.Equal(report.Metrics, Report(TaskRows.Classes(600)).Metrics);
    }

    [Fact]
    public void Evaluate_ShareOfRows_HasTheIntervalOfAProportion()
    {
        var report = Report(TaskRows.Classes(2_000));

        var accuracy = report.Metrics[MetricNames.Accuracy];
        var wilson = Proportion.Wilson((int)Math.Round(accuracy.Value * 2_000), 2_000)!;
        Assert.InRange((accuracy.High - accuracy.Low) / (wilson.High - wilson.Low), 0.85, 1.1);
    }

    [Fact]
    public void Evaluate_AClassWithoutRows_IsReportedAsNone()
    {
        var report = Report(new EvaluationInput(
            LearningTask.MulticlassClassification, TaskRows.Names, [0.8f, 0.2f, 0, 0.3f, 0.7f, 0, 0.6f, 0.4f, 0], [0, 1, 1], 0, 17));

        var none = report.Classes!.Each[2];
        Assert.Equal((0, 0, null, null, null), (none.Rows, none.Predicted, none.Precision, none.Recall, none.F1));
    }

    [Fact]
    public void Evaluate_Calibration_IsOfThePredictedClassesProbability()
    {
        var calibration = Report(TaskRows.Classes(4_000)).Calibration!;

        // Scores that are drawn to one another's sum are less sure than they are right.
        Assert.All(calibration.Bins.Skip(5), b => Assert.True(b.ObservedRate > b.MeanScore));
        Assert.True(calibration.ByChance > 0 && calibration.ByChance < calibration.ExpectedError);
    }

    [Fact]
    public void Evaluate_EveryRowRight_HasTheCalibrationErrorOfTooLittleConfidence()
    {
        var report = Report(new EvaluationInput(LearningTask.MulticlassClassification, ["a", "b"], [0.8f, 0.2f, 0.2f, 0.8f, 0.7f, 0.3f, 0.3f, 0.7f], [0, 1, 0, 1], 0, 17));

        Assert.Equal(0.25, report.Calibration!.ExpectedError, 6);
    }

    [Fact]
    public void Evaluate_Groups_HaveAccuracyAndLogLoss()
    {
        var region = Enumerable.Range(0, 100).Select(i => i < 60 ? "north" : "south").ToArray();

        var slices = Assert.Single(Report(TaskRows.Classes(100, sensitive: new Dictionary<string, string[]> { ["Region"] = region })).Slices);

        Assert.Equal([("north", 60), ("south", 40)], slices.Groups.Select(g => (g.Group, g.Rows)));
        Assert.All(slices.Groups, g => Assert.Equal([MetricNames.Accuracy, MetricNames.LogLoss], g.Metrics!.Keys));
        Assert.All(slices.Groups, g => Assert.Null(g.SelectionRate));
    }

    [Fact]
    public void Evaluate_Report_SurvivesJson()
    {
        var report = Report(TaskRows.Classes(100)) with { Stability = new FoldStability("log-loss", [0.5, 0.6], 0.55, 0.07) };
        var json = JsonSerializer.Serialize(report, Platform.Json.Options);

        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<EvaluationReport>(json, Platform.Json.Options), Platform.Json.Options));
    }

    [Fact]
    public void Evaluate_OneClass_Refuses()
    {
        var outcome = ModelEvaluator.Evaluate(FiveRows with { Labels = [1, 1, 1, 1, 1] }, CancellationToken.None);

        Assert.Contains("of one class", outcome.Refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Comparison_ABetterCandidate_IsBetterInEveryMetric()
    {
        var (good, poor) = (TaskRows.Classes(1_000, 0.8), TaskRows.Classes(1_000, 0.1));

        var report = PairedComparison.Of(good, poor.Scores, 3, CancellationToken.None);

        Assert.Equal(MetricNames.For(LearningTask.MulticlassClassification).All, report.Metrics.Keys);
        Assert.All(report.Metrics, m => Assert.True(MetricNames.IsHigherBetter(m.Key) ? m.Value.Low > 0 : m.Value.High < 0));
        Assert.All(PairedComparison.Of(good, good.Scores, 3, CancellationToken.None).Metrics.Values, d => Assert.Equal(new PairedDifference(0, 0, 0, 0), d));
    }

    private static EvaluationReport Report(EvaluationInput input) => ModelEvaluator.Evaluate(input, CancellationToken.None).Report!;
}
