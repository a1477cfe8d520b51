using System.Text.Json;
using Serverless.Platform.Datasets;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;

namespace Serverless.Tests.Integration.Training;

public sealed class ModelTrainerTests(ITestOutputHelper output)
{
    private readonly TrainingRun run = TrainingRun.Shared;
    [Fact]
    public void Fit_OnCreditData_ReachesTheExpectedAucOnHeldOutRows()
    {
        var heldOut = CreditData.HeldOut;
        using var session = new ModelSession(run.Model.Onnx, run.Model.Signature);

        var scores = session.Score(heldOut.Features, CancellationToken.None);
        var report = ModelEvaluator.Evaluate(
            new EvaluationInput(heldOut.Task, [], scores, heldOut.Labels, run.Best.Threshold, 17, heldOut.Sensitive), CancellationToken.None).Report!;

        output.WriteLine($"search {run.SearchSeconds:F1} s; trials {string.Join(" ", run.TrialSeconds.Select(s => s.ToString("F2")))} s");
        output.WriteLine($"rounds {string.Join(" ", run.Trials.Select(t => t.Rounds))}; scores {string.Join(" ", run.Trials.Select(t => t.Score.ToString("F4")))}");
        output.WriteLine($"best {run.Best}");
        output.WriteLine($"onnx {run.Model.Onnx.Length:N0} bytes, booster {run.Model.Learner.Booster.Length:N0} bytes, rows {report.Rows}");
        foreach (var (name, metric) in report.Metrics) output.WriteLine($"{name} {metric.Value:F4} [{metric.Low:F4}, {metric.High:F4}]");
        output.WriteLine($"{report.Confusion}");
        foreach (var slice in report.Slices.SelectMany(s => s.Groups.Select(g => $"{s.Column}: {g}"))) output.WriteLine(slice);
        Assert.True(report.Metrics[MetricNames.RocAuc].Value >= 0.82);
        Assert.InRange(run.Best.Score, 0.80, 0.90);
        Assert.True(report.Confusion is { Recall: > 0.6, Specificity: > 0.6 });
    }

    [Fact]
    public void Fit_OnCreditData_ExportsAGraphThatScoresAsTheBooster()
    {
        var report = ParityCheck.Run(run.Model, CreditData.HeldOut.Features, ParityCheck.DefaultTolerance, CancellationToken.None);

        output.WriteLine(report.ToString());
        Assert.True(report.Passed);
        Assert.Equal(CreditData.HeldOut.RowCount, report.Rows);
    }

    [Fact]
    public void Fit_SameInput_GivesTheSameBytes()
    {
        var again = ModelTrainer.Fit(CreditData.Train, CreditData.Definition, [run.Best], CancellationToken.None);

        Assert.Equal(run.Model.Learner.Booster, again.Learner.Booster);
        Assert.Equal(run.Model.Onnx, again.Onnx);
    }

    [Fact]
    public void Fit_CreditData_DescribesTheRawColumns()
    {
        var signature = run.Model.Signature;

        Assert.Equal(CreditData.All.Features.Columns, signature.Columns.Select(c => new FeatureColumn(c.Name, c.Kind)));
        Assert.Equal(["owner", "rent", "parents", "other", "priv"], signature.Columns.Single(c => c.Name == "Home").Categories.Take(5));
        Assert.Equal(("score", run.Best.Threshold, "bad"), (signature.Output, signature.Threshold, signature.Target.Positive));

        var json = JsonSerializer.Serialize(signature, JsonSerializerOptions.Web);
        Assert.Contains("\"task\":\"BinaryClassification\"", json, StringComparison.Ordinal);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<ModelSignature>(json, JsonSerializerOptions.Web), JsonSerializerOptions.Web));
    }

    [Fact]
    public void Fit_Cancelled_Throws() => Assert.Throws<OperationCanceledException>(
        () => ModelTrainer.Fit(CreditData.Train, CreditData.Definition, [run.Best], new CancellationToken(canceled: true)));
}
