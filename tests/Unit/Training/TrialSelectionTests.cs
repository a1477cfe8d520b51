using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class TrialSelectionTests
{
    [Theory]
    [InlineData(MetricNames.RocAuc, 2)]
    [InlineData(MetricNames.LogLoss, 1)]
    public void Blend_ByMetric_HasTheBetterEndFirst(string metric, int trial) =>
        Assert.Equal(trial, Blend([Trial(0, 0.5), Trial(1, 0.4), Trial(2, 0.6)], metric)[0]);

    [Theory]
    [InlineData(MetricNames.Ks)]
    [InlineData(MetricNames.Brier)]
    public void Blend_OfEquals_HasTheLowestNumberFirstInAnyOrder(string metric) =>
        Assert.Equal(1, Blend([Trial(3, 0.5), Trial(1, 0.5), Trial(2, 0.5)], metric)[0]);

    [Fact]
    public void Blend_NoTrials_Throws() => Assert.Throws<ArgumentException>(() => Blend([], MetricNames.Ks));

    [Fact]
    public void Blend_UnknownMetric_NamesTheKnownOnes()
    {
        var fault = Assert.Throws<ArgumentException>(() => Blend([Trial(0, 0.5)], "auc"));

        Assert.Contains("'auc'; expected one of roc-auc, pr-auc, log-loss, brier, ks", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blend_OfManyTrials_TakesThoseWithinAStandardErrorOfTheBest()
    {
        // 0.01 between four folds is a standard error of 0.005.
        TrialResult[] trials = [Trial(0, 0.8), Trial(1, 0.7951), Trial(2, 0.7949), Trial(3, 0.799), Trial(4, 0.798)];

        Assert.Equal([0, 3, 4, 1], Blend(trials, MetricNames.RocAuc, most: 10));
        Assert.Equal([0, 3], Blend(trials, MetricNames.RocAuc, most: 2));
        Assert.Equal([0], Blend([.. trials.Select(t => t with { StandardDeviation = 0 })], MetricNames.RocAuc, most: 10));
    }

    private static int[] Blend(TrialResult[] trials, string metric, int most = 5) => [.. TrialSelection.Blend(trials, metric, 4, most).Select(t => t.Trial)];

    private static TrialResult Trial(int number, double score) => new(number, SearchSpace.At(1, number), 10, score, 0.01, 0.5);
}
