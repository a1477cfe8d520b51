using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;

namespace Serverless.Tests.Unit.Evaluation;

public sealed class PairedComparisonTests
{
    [Fact]
    public void Of_ABetterCandidate_HasAnIntervalAboveZeroForScoresAndBelowForLosses()
    {
        var (labels, good, poor) = Rows(2_000);

        var report = Compare(good, poor, labels, 3, 1);

        Assert.Equal((3, 2_000), (report.Champion, report.Rows));
        Assert.True(report.Metrics[MetricNames.RocAuc].Low > 0);
        Assert.True(report.Metrics[MetricNames.Brier].High < 0);
        Assert.All(report.Metrics.Values, d => Assert.True(d.ShareBetter > 0.99));
        var value = new ScoreRanking(good, labels).Measure().RocAuc - new ScoreRanking(poor, labels).Measure().RocAuc;
        Assert.Equal(value, report.Metrics[MetricNames.RocAuc].Value, 12);
    }

    [Fact]
    public void Of_TheSameScores_IsNoDifferenceAtAll() => Assert.All(
        Compare(Rows(300).Good, Rows(300).Good, Rows(300).Labels, 1, 1).Metrics.Values,
        d => Assert.Equal(new PairedDifference(0, 0, 0, 0), d));

    [Fact]
    public void Of_Swapped_IsTheOppositeDifference()
    {
        var (labels, good, poor) = Rows(500);

        var (there, back) = (Compare(good, poor, labels, 1, 5), Compare(poor, good, labels, 1, 5));

        Assert.All(MetricNames.All, m =>
        {
            Assert.Equal(-there.Metrics[m].Value, back.Metrics[m].Value, 12);
            Assert.Equal(-there.Metrics[m].Low, back.Metrics[m].High, 12);
            Assert.Equal(1, there.Metrics[m].ShareBetter + back.Metrics[m].ShareBetter, 12);
        });
    }

    [Fact]
    public void Of_ScoresThatDifferLittle_IsNarrowerThanTheIntervalsOfEither()
    {
        var (labels, good, _) = Rows(1_000);
        float[] nearly = [.. good.Select((s, i) => Math.Clamp(s + (i % 2 == 0 ? 0.01f : -0.01f), 0, 1))];

        var paired = Compare(good, nearly, labels, 1, 1).Metrics[MetricNames.RocAuc];
        var alone = MetricIntervals.Of(new ScoreRanking(good, labels), MetricNames.All, 1, CancellationToken.None)[MetricNames.RocAuc];

        Assert.True((paired.High - paired.Low) * 3 < alone.High - alone.Low);
    }

    [Fact]
    public void Of_ManyTies_GivesEachRowAPlaceOfItsScoreAndClass()
    {
        var (labels, good, _) = Rows(400);
        float[] coarse = [.. good.Select(s => MathF.Round(s, 1))];

        var report = Compare(coarse, coarse, labels, 1, 1);

        Assert.All(report.Metrics.Values, d => Assert.Equal(0, d.Value));
    }

    [Theory]
    [InlineData(LearningTask.Regression, "Status", null, "", "Its task is regression, the candidate's binary-classification.")]
    [InlineData(LearningTask.BinaryClassification, "State", "bad", "", "It predicts whether 'State' is 'bad'; the candidate predicts whether 'Status' is 'bad'.")]
    [InlineData(LearningTask.BinaryClassification, "Status", "good", "", "It predicts whether 'Status' is 'good'; the candidate predicts whether 'Status' is 'bad'.")]
    [InlineData(LearningTask.BinaryClassification, "Status", "bad", "a b", "It knows the classes a, b; the candidate knows .")]
    public void FindMisfit_AChampionOfSomethingElse_SaysOfWhat(LearningTask task, string column, string? positive, string classes, string expected)
    {
        var candidate = new ModelSignature("m", LearningTask.BinaryClassification, new TargetColumn("Status", "bad"), [], 0.5, "score");

        var champion = new ModelSignature("m", task, new TargetColumn(column, positive), [], 0.3, "score") { Classes = classes.Length == 0 ? null : classes.Split(' ') };

        Assert.Equal(expected, PairedComparison.FindMisfit(champion, candidate));
        Assert.Null(PairedComparison.FindMisfit(candidate with { Threshold = 0.7 }, candidate));
    }

    private static ComparisonReport Compare(float[] candidate, float[] champion, float[] labels, int version, int seed) => PairedComparison.Of(
        new EvaluationInput(LearningTask.BinaryClassification, [], candidate, labels, 0.5, seed), champion, version, CancellationToken.None);

    private static (float[] Labels, float[] Good, float[] Poor) Rows(int count)
    {
        var random = new Random(11);
        float[] labels = [.. Enumerable.Range(0, count).Select(i => i % 4 == 0 ? 1f : 0f)];
        return (labels, Scores(0.4), Scores(0.1));

        float[] Scores(double signal) => [.. labels.Select(l => (float)(((1 - signal) * random.NextDouble()) + (signal * l)))];
    }
}
