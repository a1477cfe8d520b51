using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class TrialSelectionTests
{
    [Theory]
    [InlineData(MetricNames.RocAuc, 2)]
    [InlineData(MetricNames.LogLoss, 1)]
    public void Best_ByMetric_TakesTheBetterEnd(string metric, int trial) =>
        Assert.Equal(trial, TrialSelection.Best([Trial(0, 0.5), Trial(1, 0.4), Trial(2, 0.6)], metric).Trial);

    [Theory]
    [InlineData(MetricNames.Ks)]
    [InlineData(MetricNames.Brier)]
    public void Best_OfEquals_TakesTheLowestNumberInAnyOrder(string metric) =>
        Assert.Equal(1, TrialSelection.Best([Trial(3, 0.5), Trial(1, 0.5), Trial(2, 0.5)], metric).Trial);

    [Fact]
    public void Best_NoTrials_Throws() => Assert.Throws<ArgumentException>(() => TrialSelection.Best([], MetricNames.Ks));

    [Fact]
    public void Best_UnknownMetric_NamesTheKnownOnes()
    {
        var fault = Assert.Throws<ArgumentException>(() => TrialSelection.Best([Trial(0, 0.5)], "auc"));

        Assert.Contains("'auc'; expected one of roc-auc, pr-auc, log-loss, brier, ks", fault.Message, StringComparison.Ordinal);
    }

    private static TrialResult Trial(int number, double score) => new(number, SearchSpace.At(1, number), 10, score, 0.01, 0.5);
}
