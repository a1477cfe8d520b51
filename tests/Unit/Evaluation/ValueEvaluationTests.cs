using System.Text.Json;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

public sealed class ValueEvaluationTests
{
    [Fact]
    public void Evaluate_FourRows_HasTheErrorsComputedByHand()
    {
        // Errors 0, −1, 0, 2: mean 0.25, sample variance (0.0625 + 1.5625 + 0.0625 + 3.0625) / 3.
        var residuals = Report(new EvaluationInput(LearningTask.Regression, [], [1, 2, 3, 6], [1, 3, 3, 4], 0, 17)).Residuals!;

        var deviation = Math.Sqrt(4.75 / 3);
        Assert.Equal(0.25, residuals.MeanError.Value, 12);
        Assert.Equal(deviation, residuals.StandardDeviation, 12);
        Assert.Equal(0.25 - (1.959963984540054 * deviation / 2), residuals.MeanError.Low, 12);
        Assert.Equal(0, residuals.Quantiles.Single(q => q.Probability == 0.5).Error);
        Assert.Equal(0.5, residuals.Quantiles.Single(q => q.Probability == 0.75).Error, 12);
        Assert.Equal(4, residuals.Histogram.Sum(b => b.Rows));
        var band = Assert.Single(residuals.Deciles);
        Assert.Equal((4, 1, 6, 3.0, 2.75), (band.Rows, band.LowestPredicted, band.HighestPredicted, band.MeanPredicted, band.MeanActual.Value));
        Assert.Equal(Math.Sqrt(5.0 / 4), band.Rmse, 12);
    }

    [Fact]
    public void Evaluate_AnyMetric_HasAnIntervalThatHoldsIt()
    {
        var report = Report(TaskRows.Numbers(600));

        Assert.Equal(MetricNames.For(LearningTask.Regression).All, report.Metrics.Keys);
        Assert.All(report.Metrics.Values, m => Assert.True(m.Low < m.Value && m.Value < m.High));
        Assert.Equal((null, null, null, null), (report.Positives, report.Confusion, report.Classes, report.Calibration));
    }

    [Fact]
    public void Evaluate_MeanAbsoluteError_HasTheIntervalOfAMean()
    {
        var input = TaskRows.Numbers(2_000);
        double[] sizes = [.. input.Scores.Zip(input.Labels, (p, y) => Math.Abs((double)p - y))];

        var (mae, normal) = (Report(input).Metrics[MetricNames.Mae], SampleMean.Of(sizes));

        Assert.Equal(normal.Value, mae.Value, 9);
        Assert.InRange((mae.High - mae.Low) / (normal.High - normal.Low), 0.85, 1.15);
    }

    [Fact]
    public void Evaluate_Deciles_AreInOrderAndHoldEveryRowOnce()
    {
        var input = TaskRows.Numbers(1_000);
        var coarse = input with { Scores = [.. input.Scores.Select(s => MathF.Round(s / 300) * 300)] };

        var (fine, tied) = (Report(input).Residuals!.Deciles, Report(coarse).Residuals!.Deciles);

        Assert.Equal((10, 1_000, 1_000), (fine.Count, fine.Sum(b => b.Rows), tied.Sum(b => b.Rows)));
        Assert.All(new[] { fine, tied }, bands => Assert.All(bands.Zip(bands.Skip(1)), pair => Assert.True(pair.First.HighestPredicted < pair.Second.LowestPredicted)));
    }

    [Fact]
    public void Evaluate_AFewHugeErrors_LeaveTheHistogramReadable()
    {
        var input = TaskRows.Numbers(2_000);
        float[] scores = [.. input.Scores.Select((s, i) => i == 7 ? 1e9f : s)];

        var bins = Report(input with { Scores = scores }).Residuals!.Histogram;

        Assert.Equal(2_000, bins.Sum(b => b.Rows));
        Assert.True(bins.Max(b => b.Rows) < 400 && bins[^1].To < 1_000);
    }

    [Fact]
    public void Evaluate_Report_SurvivesJson()
    {
        var json = JsonSerializer.Serialize(Report(TaskRows.Numbers(100)), Platform.Json.Options);

        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<EvaluationReport>(json, Platform.Json.Options), Platform.Json.Options));
    }

    [Fact]
    public void Evaluate_OneValue_Refuses()
    {
        var outcome = ModelEvaluator.Evaluate(new EvaluationInput(LearningTask.Regression, [], [1, 2], [3, 3], 0, 17), CancellationToken.None);

        Assert.Contains("one value", outcome.Refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Comparison_ABetterCandidate_IsBetterInEveryMetric()
    {
        var (good, poor) = (TaskRows.Numbers(500, 50), TaskRows.Numbers(500, 200));

        var report = PairedComparison.Of(good, poor.Scores, 3, CancellationToken.None);

        Assert.All(report.Metrics, m => Assert.True(MetricNames.IsHigherBetter(m.Key) ? m.Value.Low > 0 : m.Value.High < 0));
        Assert.Equal(1, report.Metrics[MetricNames.Rmse].ShareBetter);
    }

    private static EvaluationReport Report(EvaluationInput input) => ModelEvaluator.Evaluate(input, CancellationToken.None).Report!;
}
