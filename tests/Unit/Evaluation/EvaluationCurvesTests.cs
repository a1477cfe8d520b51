using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

public sealed class EvaluationCurvesTests
{
    [Theory]
    [InlineData(0, 0, 20, 0.1611)]
    [InlineData(10, 0.2993, 20, 0.7007)]
    [InlineData(20, 0.8389, 20, 1)]
    public void Wilson_TwentyRows_GivesTheTabulatedInterval(int part, double low, int whole, double high)
    {
        var share = Proportion.Wilson(part, whole)!;

        Assert.Equal((low, high), (Math.Round(share.Low, 4), Math.Round(share.High, 4)));
        Assert.Null(Proportion.Wilson(0, 0));
    }

    [Fact]
    public void Calibration_ScoresThatComeTrue_HasASmallErrorAndIntervalsThatHoldTheMean()
    {
        var curve = CalibrationCurve.Of(Drawn(20_000, score => score));

        Assert.Equal(CalibrationCurve.MostBins, curve.Bins.Count);
        Assert.InRange(curve.ExpectedError, 0, 0.015);
        Assert.True(curve.Bins.Count(b => b.MeanScore >= b.Low && b.MeanScore <= b.High) >= 8);
        Assert.All(curve.Bins.Zip(curve.Bins.Skip(1)), pair => Assert.True(pair.First.HighestScore < pair.Second.LowestScore));
    }

    [Fact]
    public void Calibration_ScoresTwiceTooHigh_HasTheErrorOfThat()
    {
        var curve = CalibrationCurve.Of(Drawn(20_000, score => score / 2));

        Assert.InRange(curve.ExpectedError, 0.24, 0.26);
        Assert.InRange(curve.GreatestError, 0.45, 0.5);
    }

    [Fact]
    public void CalibrationInterval_ScoresThatComeTrue_ReachesDownToNoError()
    {
        var curve = CalibrationCurve.WithInterval(Drawn(1_000, score => score), 1, CancellationToken.None);

        // All of the error is chance, and more of it is in a resample: percentiles would lie above the value.
        Assert.InRange(curve.Low!.Value, 0, 0.01);
        Assert.InRange(curve.High!.Value, curve.ExpectedError, 0.05);
    }

    [Fact]
    public void CalibrationInterval_ScoresTwiceTooHigh_HoldsTheTrueErrorAboutAsOftenAsItSays()
    {
        CalibrationCurve[] curves = [.. Enumerable.Range(0, 40).Select(seed => CalibrationCurve.WithInterval(Drawn(500, score => score / 2, seed), 1, CancellationToken.None))];

        Assert.InRange(curves.Count(c => c.Low < 0.25 && c.High > 0.25), 34, 40);
        Assert.All(curves, c => Assert.InRange(c.High!.Value - c.Low!.Value, 0.04, 0.12));
    }

    [Fact]
    public void Calibration_EqualScores_StayInOneBin()
    {
        float[] scores = [.. Enumerable.Range(0, 400).Select(i => i < 300 ? 0.5f : 0.9f)];
        float[] labels = [.. Enumerable.Range(0, 400).Select(i => i % 2f)];

        var bins = CalibrationCurve.Of(new ScoreRanking(scores, labels)).Bins;

        Assert.Equal([(300, 0.5), (100, 0.9f)], bins.Select(b => (b.Rows, b.MeanScore)).Select(b => (b.Rows, (double)(float)b.MeanScore)));
    }

    [Fact]
    public void Gain_TenRows_CountsFromTheHighestScore()
    {
        float[] scores = [0.9f, 0.8f, 0.7f, 0.6f, 0.5f, 0.4f, 0.3f, 0.2f, 0.15f, 0.1f];
        float[] labels = [1, 1, 0, 1, 0, 0, 1, 0, 0, 0];

        var gain = GainTable.Of(new ScoreRanking(scores, labels));

        Assert.Equal([0.25, 0.5, 0.5, 0.75, 0.75, 0.75, 1, 1, 1, 1], gain.Select(d => d.Gain));
        Assert.Equal([2.5, 2.5, 0, 2.5, 0, 0, 2.5, 0, 0, 0], gain.Select(d => d.Lift));
        Assert.Equal(1.25, gain[3].CumulativeLift / 1.5, 12);
        Assert.Equal(0.6, gain[3].LowestScore, 6);
    }

    [Fact]
    public void Gain_EqualScores_DoesNotDependOnTheOrderOfRows()
    {
        float[] labels = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        float[] scores = [.. Enumerable.Repeat(0.5f, 10)];

        Assert.All(GainTable.Of(new ScoreRanking(scores, labels)), d => Assert.Equal(1, d.Lift, 9));
        Assert.Equal(GainTable.Of(new ScoreRanking(scores, labels)), GainTable.Of(new ScoreRanking(scores, [.. labels.Reverse()])));
    }

    [Fact]
    public void Curve_ManyRows_HasFewPointsAndTheAreaOfTheMetric()
    {
        var ranking = Drawn(50_000, score => score);

        var points = OperatingCurve.Of(ranking);

        Assert.InRange(points.Count, 100, 202);
        Assert.Equal((0, 0), (points[0].FalsePositiveRate, points[0].TruePositiveRate));
        Assert.Equal((1, 1), (points[^1].FalsePositiveRate, points[^1].TruePositiveRate));
        var area = points.Zip(points.Skip(1), (a, b) => (b.FalsePositiveRate - a.FalsePositiveRate) * (a.TruePositiveRate + b.TruePositiveRate) / 2).Sum();
        Assert.Equal(ranking.Measure().RocAuc, area, 3);
    }

    [Fact]
    public void Histogram_AnyRows_PutsEachInOneBin()
    {
        var ranking = new ScoreRanking([0, 0.05f, 0.5f, 0.999f, 1], [0, 1, 0, 1, 1]);

        var bins = ScoreHistogram.Of(ranking);

        Assert.Equal((3, 2), (bins.Sum(b => b.Positives), bins.Sum(b => b.Negatives)));
        Assert.Equal((2, 0), (bins[^1].Positives, bins[^1].Negatives));
    }

    [Fact]
    public void Cost_AtTheThreshold_AddsUpAndIsComparedWithNoModel()
    {
        var cost = ErrorCost.Of(new CostPolicy(1, 5), new Confusion(0.5, 30, 20, 40, 10, null, null, null, null));

        Assert.Equal((70, 0.7), (cost.Total, cost.PerRow));
        Assert.Equal((2, 0.6), (cost.PerRowAllNegative, cost.PerRowAllPositive));
        // By hand: Wilson has 0.2273 to 0.4594 of 20 in 60 and 0.1419 to 0.4019 of 10 in 40, which weigh 0.6 and 2.
        Assert.Equal(0.7 - 0.2254, cost.Low, 4);
        Assert.Equal(0.7 + 0.3132, cost.High, 4);
    }

    [Fact]
    public void Cost_WithoutAnError_IsNotCertain()
    {
        var cost = ErrorCost.Of(new CostPolicy(1, 5), new Confusion(0.5, 10, 0, 30, 0, null, null, null, null));

        Assert.Equal((0, 0), (cost.PerRow, cost.Low));
        // Wilson's upper limit of 0 in 10 is 0.2775, at 5 each, of a quarter of the rows.
        Assert.InRange(cost.High, 5 * 0.2775 / 4, (5 * 0.2775 / 4) + 0.03);
    }

    [Fact]
    public void AucInterval_ManyRows_AgreesWithTheBootstrap()
    {
        var ranking = Drawn(3_000, score => score);

        var (delong, bootstrap) = (AucInterval.Of(ranking), MetricIntervals.Of(ranking, MetricNames.All, 1, CancellationToken.None)[MetricNames.RocAuc]);

        Assert.Equal(bootstrap.Value, delong.Value, 12);
        Assert.InRange((delong.High - delong.Low) / (bootstrap.High - bootstrap.Low), 0.85, 1.15);
    }

    [Fact]
    public void AucInterval_NothingOutOfOrder_IsNotCertain() =>
        Assert.InRange(AucInterval.Of(new ScoreRanking([.. Enumerable.Range(0, 40).Select(i => i / 40f)], [.. Enumerable.Range(0, 40).Select(i => i < 20 ? 0f : 1f)])).Low, 0.8, 0.9);

    /// <summary>Scores spread evenly over 0 to 1, each row positive with the chance that is given.</summary>
    private static ScoreRanking Drawn(int rows, Func<double, double> chance, int seed = 7)
    {
        var random = new Random(seed);
        float[] scores = [.. Enumerable.Range(0, rows).Select(_ => (float)random.NextDouble())];
        return new ScoreRanking(scores, [.. scores.Select(s => random.NextDouble() < chance(s) ? 1f : 0f)]);
    }
}
