using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

public sealed class TaskMetricsTests
{
    private static readonly float[] Probabilities =
    [
        0.7f, 0.2f, 0.1f,
        0.3f, 0.6f, 0.1f,
        0.5f, 0.3f, 0.2f,
        0.1f, 0.1f, 0.8f,
        0.2f, 0.5f, 0.3f,
    ];

    private static readonly float[] Classes = [0, 1, 1, 2, 2];

    [Theory]
    [InlineData(MetricNames.Accuracy, 3.0 / 5)]
    [InlineData(MetricNames.BalancedAccuracy, (1 + 0.5 + 0.5) / 3)]
    [InlineData(MetricNames.MacroF1, ((2.0 / 3) + 0.5 + (2.0 / 3)) / 3)]
    [InlineData(MetricNames.RocAuc, (1 + (5.0 / 6) + 1) / 3)]
    [InlineData(MetricNames.Brier, (0.14 + 0.26 + 0.78 + 0.06 + 0.78) / 5)]
    [InlineData(MetricNames.LogLoss, 0.699718)]
    public void Value_FiveRowsOfThreeClasses_IsAsComputedByHand(string metric, double expected) =>
        Assert.Equal(expected, TaskMetrics.Value(LearningTask.MulticlassClassification, metric, Probabilities, 3, Classes), 6);

    [Theory]
    [InlineData(MetricNames.Rmse, 1.118034)]
    [InlineData(MetricNames.Mae, 0.75)]
    [InlineData(MetricNames.MedianAbsoluteError, 0.5)]
    [InlineData(MetricNames.R2, 1 - (5 / 4.75))]
    public void Value_FourNumbers_IsAsComputedByHand(string metric, double expected) =>
        Assert.Equal(expected, TaskMetrics.Value(LearningTask.Regression, metric, [1, 2, 3, 6], 1, [1, 3, 3, 4]), 6);

    [Fact]
    public void Value_OfTwoClasses_IsTheRankings()
    {
        float[] scores = [0.9f, 0.4f, 0.6f, 0.2f];
        var measured = new ScoreRanking(scores, [1, 1, 0, 0]).Measure();

        Assert.All(MetricNames.All, m => Assert.Equal(measured[m], TaskMetrics.Value(LearningTask.BinaryClassification, m, scores, 1, [1, 1, 0, 0])));
    }

    [Fact]
    public void Value_TwoClassesSeenAsSeveral_IsTheSameOfBoth()
    {
        var random = new Random(5);
        float[] labels = [.. Enumerable.Range(0, 200).Select(_ => (float)random.Next(2))];
        float[] scores = [.. labels.Select(l => (random.Next(64) + (l * 32)) / 96)];
        float[] both = [.. scores.SelectMany(s => new[] { 1 - s, s })];

        foreach (var (metric, factor) in new[] { (MetricNames.RocAuc, 1), (MetricNames.LogLoss, 1), (MetricNames.Brier, 2) })
        {
            var expected = factor * TaskMetrics.Value(LearningTask.BinaryClassification, metric, scores, 1, labels);
            Assert.Equal(expected, TaskMetrics.Value(LearningTask.MulticlassClassification, metric, both, 2, labels), 5);
        }
    }

    [Fact]
    public void Value_AClassThatIsNeitherThereNorPredicted_IsLeftOutOfTheMeans()
    {
        float[] scores = [0.8f, 0.2f, 0, 0.3f, 0.7f, 0];

        Assert.All(
            new[] { MetricNames.BalancedAccuracy, MetricNames.MacroF1, MetricNames.RocAuc },
            m => Assert.Equal(1, TaskMetrics.Value(LearningTask.MulticlassClassification, m, scores, 3, [0, 1])));
    }

    [Theory]
    [InlineData(LearningTask.MulticlassClassification)]
    [InlineData(LearningTask.Regression)]
    public void Measure_Weights_CountAsRepeatedRows(LearningTask task)
    {
        var random = new Random(8);
        int[] weights = [2, 1, 1, 3, 0, 1, 2, 0];
        float[] labels = [0, 1, 2, 0, 1, 2, 0, 1];
        var width = task == LearningTask.Regression ? 1 : 3;
        float[][] scores = [.. labels.Select(_ => Row(random, width))];
        var repeated = Enumerable.Range(0, weights.Length).SelectMany(r => Enumerable.Repeat(r, weights[r])).ToArray();
        var metrics = MetricNames.For(task).All;

        var measured = TaskScores.Of(task, [.. scores.SelectMany(s => s)], width, labels).Measure(metrics, weights);

        var expected = TaskScores.Of(task, [.. repeated.SelectMany(r => scores[r])], width, [.. repeated.Select(r => labels[r])]).Measure(metrics);
        Assert.All(expected.Zip(measured), m => Assert.Equal(m.First, m.Second, 9));
    }

    [Fact]
    public void Value_UnknownMetric_NamesThoseThereAre()
    {
        var classes = Assert.Throws<ArgumentException>(() => TaskMetrics.Value(LearningTask.MulticlassClassification, "rmse", Probabilities, 3, Classes));
        var numbers = Assert.Throws<ArgumentException>(() => TaskMetrics.Value(LearningTask.Regression, "roc-auc", [1, 2], 1, [1, 2]));

        Assert.Contains("balanced-accuracy", classes.Message, StringComparison.Ordinal);
        Assert.Contains("median-absolute-error", numbers.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3f, 0.2f, "expected a class number from 0 to 2")]
    [InlineData(0.5f, 0.2f, "expected a class number from 0 to 2")]
    [InlineData(1f, float.NaN, "expected 0 to 1")]
    public void Value_LabelOrScoreOfNoClass_SaysWhichRow(float label, float score, string expected)
    {
        var thrown = Assert.Throws<ArgumentException>(() =>
            TaskMetrics.Value(LearningTask.MulticlassClassification, MetricNames.LogLoss, [0.2f, 0.3f, 0.5f, 0.2f, score, 0.6f], 3, [0, label]));

        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
        Assert.Contains("row 1", thrown.Message, StringComparison.Ordinal);
    }

    private static float[] Row(Random random, int width)
    {
        float[] drawn = [.. Enumerable.Range(0, width).Select(_ => random.NextSingle())];
        return width == 1 ? drawn : [.. drawn.Select(d => d / drawn.Sum())];
    }
}
