using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class EarlyStoppingTests
{
    [Fact]
    public void IsOver_MetricStandsStillWhileTheLossFalls_GoesOn() =>
        Assert.Equal(30, RoundsOf(MetricNames.RocAuc, [0.7, 0.7, 0.69, 0.7, 0.69, 0.7], [0.69, 0.68, 0.67, 0.66, 0.65, 0.64]));

    [Fact]
    public void IsOver_BothStandStill_StopsAfterThePatience() =>
        Assert.Equal(20, RoundsOf(MetricNames.RocAuc, [0.7, 0.71, 0.71, 0.71, 0.71, 0.71], [0.69, 0.68, 0.69, 0.68, 0.69, 0.70]));

    [Fact]
    public void IsOver_LossRisesWhileTheMetricGains_GoesOn() =>
        Assert.Equal(30, RoundsOf(MetricNames.RocAuc, [0.7, 0.71, 0.72, 0.73, 0.74, 0.75], [0.60, 0.61, 0.62, 0.63, 0.64, 0.65]));

    [Fact]
    public void IsOver_MetricThatCannotGain_StopsThoughTheLossFalls() =>
        Assert.Equal(20, RoundsOf(MetricNames.RocAuc, [0.9, 1, 1, 1, 1, 1], [0.6, 0.5, 0.4, 0.3, 0.2, 0.1]));

    [Fact]
    public void IsOver_MetricThatIsTheLoss_GoesByItAlone()
    {
        var stopping = new EarlyStopping(MetricNames.LogLoss, MetricNames.LogLoss, 10);
        stopping.Take(5, [0.5]);
        stopping.Take(10, [0.4]);
        stopping.Take(15, [0.45]);

        Assert.Equal([MetricNames.LogLoss], stopping.Watched);
        Assert.Equal((false, true), (stopping.IsOver(19), stopping.IsOver(20)));
    }

    /// <summary>After how many rounds it is over with a patience of 10, a measurement after every fifth; all of them where it never is.</summary>
    private static int RoundsOf(string metric, double[] scores, double[] losses)
    {
        var stopping = new EarlyStopping(metric, MetricNames.LogLoss, 10);
        for (var step = 0; step < scores.Length; step++)
        {
            if (stopping.IsOver(step * 5)) return step * 5;
            stopping.Take((step + 1) * 5, [scores[step], losses[step]]);
        }

        return scores.Length * 5;
    }
}
