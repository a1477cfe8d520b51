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
    public void CalibrationByChance_ScoresThatComeTrue_HoldsTheErrorAsOftenAsItSays()
    {
        CalibrationCurve[] curves = [.. Enumerable.Range(0, 200).Select(seed => CalibrationCurve.WithChance(Drawn(500, score => score, seed), 1, CancellationToken.None))];

        // 95% of 200, give or take three standard deviations.
        Assert.InRange(curves.Count(c => c.ExpectedError <= c.ByChance), 181, 199);
        Assert.All(curves, c => Assert.InRange(c.ByChance!.Value, 0.03, 0.09));
    }

    [Fact]
    public void CalibrationByChance_ScoresTwiceTooHigh_IsFarBelowTheError()
    {
        var curve = CalibrationCurve.WithChance(Drawn(500, score => score / 2), 1, CancellationToken.None);

        Assert.InRange(curve.ExpectedError, 0.2, 0.3);
        Assert.InRange(curve.ByChance!.Value, 0.03, 0.09);
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
        // By hand: Wilson has 0.1334 to 0.2888 of 20 in 100 and 0.0552 to 0.1744 of 10; more of one are fewer of the other, by a correlation of -1/6.
        Assert.Equal(0.4773, cost.Low, 4);
        Assert.Equal(1.0676, cost.High, 4);
    }

    [Fact]
    public void Cost_WithoutAnError_IsNotCertain()
    {
        var cost = ErrorCost.Of(new CostPolicy(1, 5), new Confusion(0.5, 10, 0, 30, 0, null, null, null, null));

        Assert.Equal((0, 0), (cost.PerRow, cost.Low));
        // Wilson's upper limit of 0 in 40 is 0.0876: at 5 each, and at 1 each.
        Assert.Equal(Math.Sqrt(26) * 0.0876, cost.High, 3);
    }

    [Theory]
    [InlineData(0.066, 12, 0.15, 0.35)]
    [InlineData(0.26, 5, 0.3, 0.2)]
    public void Cost_OfManySamples_HoldsTheTrueCostAsOftenAsItSays(double positive, double each, double wronglyPositive, double wronglyNegative)
    {
        var random = new Random(11);
        var truth = (positive * wronglyNegative * each) + ((1 - positive) * wronglyPositive);
        var held = Enumerable.Range(0, 1_000).Count(_ =>
        {
            var counts = new int[2, 2];
            for (var row = 0; row < 800; row++)
            {
                var isPositive = random.NextDouble() < positive;
                counts[isPositive ? 1 : 0, random.NextDouble() < (isPositive ? wronglyNegative : wronglyPositive) ? 1 : 0]++;
            }

            var cost = ErrorCost.Of(new CostPolicy(1, each), new Confusion(0.5, counts[1, 0], counts[0, 1], counts[0, 0], counts[1, 1], null, null, null, null));
            return cost.Low <= truth && truth <= cost.High;
        });

        // With the classes' counts held fixed it would be 89% of the first.
        Assert.InRange(held, 925, 975);
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
