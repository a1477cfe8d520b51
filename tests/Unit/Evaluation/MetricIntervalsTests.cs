using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

public sealed class MetricIntervalsTests
{
    [Fact]
    public void Of_SameSeed_GivesTheSameIntervals()
    {
        var ranking = Rows(500, 3);

        Assert.Equal(MetricIntervals.Of(ranking, MetricNames.All, 9, CancellationToken.None), MetricIntervals.Of(ranking, MetricNames.All, 9, CancellationToken.None));
        Assert.NotEqual(MetricIntervals.Of(ranking, MetricNames.All, 9, CancellationToken.None), MetricIntervals.Of(ranking, MetricNames.All, 10, CancellationToken.None));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(800)]
    public void Of_AnyMetric_BracketsItsValue(int rows)
    {
        var ranking = Rows(rows, 4);
        var values = ranking.Measure();

        Assert.All(MetricIntervals.Of(ranking, MetricNames.All, 1, CancellationToken.None), m =>
        {
            Assert.Equal(values[m.Key], m.Value.Value);
            Assert.InRange(m.Value.Value, m.Value.Low, m.Value.High);
            Assert.True(m.Value.Low < m.Value.High);
        });
    }

    [Fact]
    public void Of_RocAuc_IsAsWideAsHanleyAndMcNeilSay()
    {
        var ranking = Rows(2_000, 6);
        var auc = ranking.Measure().RocAuc;
        var (p, n) = (ranking.Positives, ranking.Negatives);
        var (q1, q2) = (auc / (2 - auc), 2 * auc * auc / (1 + auc));
        var variance = ((auc * (1 - auc)) + ((p - 1) * (q1 - (auc * auc))) + ((n - 1) * (q2 - (auc * auc)))) / ((double)p * n);

        var interval = MetricIntervals.Of(ranking, MetricNames.All, 1, CancellationToken.None)[MetricNames.RocAuc];

        Assert.InRange((interval.High - interval.Low) / (2 * 1.96 * Math.Sqrt(variance)), 0.8, 1.2);
    }

    [Theory]
    [InlineData(700, 1_000)]
    [InlineData(20_000, 1_000)]
    [InlineData(40_000, 500)]
    [InlineData(10_000_000, 200)]
    public void ResamplesFor_MoreRows_AreFewer(int rows, int resamples) => Assert.Equal(resamples, Bootstrap.ResamplesFor(rows));

    [Fact]
    public void Of_Cancelled_Throws() =>
        Assert.Throws<OperationCanceledException>(() => MetricIntervals.Of(Rows(100, 1), MetricNames.All, 1, new CancellationToken(canceled: true)));

    private static ScoreRanking Rows(int count, int seed)
    {
        var random = new Random(seed);
        float[] labels = [.. Enumerable.Range(0, count).Select(i => i % 3 == 0 ? 1f : 0f)];
        return new ScoreRanking([.. labels.Select(l => (float)Math.Clamp((random.NextDouble() * 0.7) + (l * 0.3), 0, 1))], labels);
    }
}
