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
    [InlineData(MetricNames.RocAuc)]
    [InlineData(MetricNames.PrAuc)]
    [InlineData(MetricNames.Ks)]
    public void Of_NoRowOutOfOrder_IsNotCertain(string metric)
    {
        var ranking = new ScoreRanking([0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f], [0, 0, 0, 0, 0, 1, 1, 1, 1]);

        var interval = MetricIntervals.Of(ranking, [metric], 1, CancellationToken.None)[metric];

        // Four in a row of the class that has fewer: 0.025^(1/4).
        Assert.Equal((1, 1), (interval.Value, interval.High));
        Assert.Equal(0.3976, interval.Low, 4);
    }

    [Fact]
    public void Of_AllRowsRight_IsTheExactBoundOfSoManyRows()
    {
        float[] labels = [.. Enumerable.Range(0, 21).Select(r => (float)(r % 3))];
        float[] scores = [.. labels.SelectMany(label => Enumerable.Range(0, 3).Select(c => c == label ? 0.8f : 0.1f))];
        string[] metrics = [MetricNames.Accuracy, MetricNames.BalancedAccuracy, MetricNames.MacroF1, MetricNames.RocAuc];

        var intervals = MetricIntervals.Of(new ClassScores(scores, 3, labels), metrics, 1, CancellationToken.None);

        Assert.All(metrics, metric => Assert.Equal((1, 1), (intervals[metric].Value, intervals[metric].High)));
        // Scipy's binomtest(21, 21).proportion_ci(method='exact') begins at 0.8389; the others count by class, of seven rows each.
        Assert.Equal(0.8389, intervals[MetricNames.Accuracy].Low, 4);
        Assert.All(metrics.Skip(1), metric => Assert.Equal(0.5904, intervals[metric].Low, 4));
    }

    [Fact]
    public void Of_AllRowsWrong_IsNotCertainEither()
    {
        var accuracy = MetricIntervals.Of(new ClassScores([0.1f, 0.9f, 0.9f, 0.1f], 2, [0, 1]), [MetricNames.Accuracy], 1, CancellationToken.None)[MetricNames.Accuracy];

        Assert.Equal((0, 0), (accuracy.Value, accuracy.Low));
        Assert.Equal(0.8419, accuracy.High, 4);
    }

    [Fact]
    public void Of_MeansOverRows_AreAsWideAsTheirStandardErrorSays()
    {
        var ranking = Rows(2_000, 6);
        double[] errors = [.. Enumerable.Range(0, ranking.Rows).Select(place => Math.Pow(ranking.Scores[place] - (ranking.Positive[place] ? 1 : 0), 2))];
        var mean = errors.Average();
        var error = Math.Sqrt(errors.Sum(e => (e - mean) * (e - mean)) / (errors.Length - 1) / errors.Length);

        var interval = MetricIntervals.Of(ranking, MetricNames.All, 1, CancellationToken.None)[MetricNames.Brier];

        // With the classes' counts held fast it would be narrower by what they add to it.
        Assert.InRange((interval.High - interval.Low) / (2 * 1.96 * error), 0.93, 1.07);
    }

    [Fact]
    public void Draw_ClassesOfFewRows_AreInEveryResample()
    {
        int[][] strata = [[0], [1, 2, 3], [.. Enumerable.Range(4, 20)], [.. Enumerable.Range(24, 400)]];

        var drawn = Bootstrap.Draw(strata, 424, 500, new SplitMix64(1), weights => strata.Select(s => s.Sum(row => weights[row])).ToArray(), CancellationToken.None);

        Assert.All(drawn, counts => Assert.Equal((1, 3, 420), (counts[0], counts[1], counts[2] + counts[3])));
        Assert.True(drawn.Select(counts => counts[2]).Distinct().Count() > 10);
        Assert.DoesNotContain(drawn, counts => counts[2] == 0);
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
