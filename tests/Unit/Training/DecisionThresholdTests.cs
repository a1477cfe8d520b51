using Serverless.Platform.Definitions;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class DecisionThresholdTests
{
    private static readonly float[] Scores = [0.9f, 0.8f, 0.6f, 0.4f, 0.2f, 0.1f];
    private static readonly float[] Labels = [1, 1, 0, 1, 0, 0];

    [Theory]
    [InlineData(1, 5, 0.3)]
    [InlineData(5, 1, 0.7)]
    public void Of_StatedCost_IsTheCheapestCut(double falsePositive, double falseNegative, double expected) =>
        Assert.Equal(expected, DecisionThreshold.Of(Scores, Labels, new CostPolicy(falsePositive, falseNegative)), 6);

    [Fact]
    public void Of_FalsePositivesBeyondPrice_CallsNothingPositive() =>
        Assert.True(DecisionThreshold.Of([0.9f, 0.5f], [0, 1], new CostPolicy(1000, 1)) > 0.9f);

    [Fact]
    public void Of_EquallyCheapCuts_TakesTheOneNearestToTheRatioOfCosts() =>
        Assert.Equal(0.5, DecisionThreshold.Of([0.9f, 0.8f, 0.2f, 0.1f], [1, 1, 0, 0], new CostPolicy(1, 1)), 6);

    [Fact]
    public void Of_NoCost_SeparatesTheClasses() => Assert.Equal(0.7, DecisionThreshold.Of(Scores, [1, 1, 0, 0, 0, 0], null), 6);

    [Fact]
    public void Of_RandomScores_CostsNoMoreThanAnyOtherCut()
    {
        var random = new Random(3);
        float[] scores = [.. Enumerable.Range(0, 300).Select(_ => random.Next(40) / 40f)];
        float[] labels = [.. scores.Select(s => random.NextDouble() < s ? 1f : 0f)];
        var cost = new CostPolicy(2, 7);

        var chosen = Cost(DecisionThreshold.Of(scores, labels, cost));

        Assert.All(Enumerable.Range(0, 1_001).Select(t => Cost(t / 1_000.0)), c => Assert.True(chosen <= c));

        double Cost(double threshold) => scores.Zip(labels).Sum(r => (r.First >= threshold, r.Second == 1) switch
        {
            (true, false) => cost.FalsePositive,
            (false, true) => cost.FalseNegative,
            _ => 0,
        });
    }
}
