using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class TrialResultTests
{
    [Fact]
    public void Of_Curves_TakesTheRoundsWithTheBestMean()
    {
        var result = TrialResult.Of(SearchSpace.At(1, 2), [new(0, [0.6, 0.9, 0.7]), new(1, [0.6, 0.7, 0.8])], MetricNames.RocAuc);

        Assert.Equal((2, 10, 0.8), (result.Trial, result.Rounds, Math.Round(result.Score, 9)));
        Assert.Equal(Math.Sqrt(0.02), result.StandardDeviation, 9);
    }

    [Fact]
    public void Of_Loss_TakesTheLeast() =>
        Assert.Equal(10, TrialResult.Of(SearchSpace.At(1, 0), [new(0, [0.6, 0.5, 0.55])], MetricNames.LogLoss).Rounds);

    [Fact]
    public void Of_CurveThatEndedEarly_HoldsItsLastScore() =>
        Assert.Equal(0.75, TrialResult.Of(SearchSpace.At(1, 0), [new(0, [0.6]), new(1, [0.6, 0.7, 0.9])], MetricNames.RocAuc).Score, 9);

    [Fact]
    public void Of_GainWithinTheNoise_IsNotPaidForWithRounds() =>
        Assert.Equal(5, TrialResult.Of(SearchSpace.At(1, 0), [new(0, [0.8, 0.80005])], MetricNames.RocAuc).Rounds);
}
