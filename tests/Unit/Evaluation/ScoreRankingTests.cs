using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

public sealed class ScoreRankingTests
{
    // Ranked: 0.9+ 0.8- 0.7+ 0.4- 0.2-: of 6 pairs 5 are in order.
    private static readonly float[] Scores = [0.4f, 0.9f, 0.2f, 0.8f, 0.7f];
    private static readonly float[] Labels = [0, 1, 0, 0, 1];

    [Fact]
    public void Measure_FiveRows_GivesTheValuesComputedByHand()
    {
        var measured = new ScoreRanking(Scores, Labels).Measure();

        Assert.Equal(5.0 / 6, measured.RocAuc, 12);
        Assert.Equal((1.0 / 1 * 0.5) + (2.0 / 3 * 0.5), measured.PrAuc, 12);
        Assert.Equal(2.0 / 3, measured.Ks, 12);
        Assert.Equal((0.16 + 0.01 + 0.04 + 0.64 + 0.09) / 5, measured.Brier, 6);
        Assert.Equal(-(Math.Log(0.6) + Math.Log(0.9) + Math.Log(0.8) + Math.Log(0.2) + Math.Log(0.7)) / 5, measured.LogLoss, 6);
    }

    [Fact]
    public void Measure_AllScoresEqual_IsAsGoodAsChance()
    {
        var measured = new ScoreRanking([0.3f, 0.3f, 0.3f, 0.3f], [1, 0, 0, 0]).Measure();

        Assert.Equal(0.5, measured.RocAuc);
        Assert.Equal(0.25, measured.PrAuc);
        Assert.Equal(0, measured.Ks);
    }

    [Theory]
    [InlineData(1, 0, 1.0, 1.0)]
    [InlineData(0, 1, 0.0, 1.0)]
    public void Measure_ClassesApart_HasTheExtremeAucAndFullKs(float first, float second, double rocAuc, double ks)
    {
        var measured = new ScoreRanking([0.9f, 0.8f, 0.2f, 0.1f], [first, first, second, second]).Measure();

        Assert.Equal(rocAuc, measured.RocAuc);
        Assert.Equal(ks, measured.Ks);
    }

    [Fact]
    public void Measure_CertainButWrong_HasAFiniteLogLoss()
    {
        var measured = new ScoreRanking([0, 1], [1, 0]).Measure();

        Assert.Equal(-Math.Log(Math.Pow(2, -23)), measured.LogLoss, 4);
        Assert.Equal(1, measured.Brier);
    }

    [Fact]
    public void Measure_RandomRowsWithTies_AgreesWithCountingPairs()
    {
        var random = new Random(5);
        float[] scores = [.. Enumerable.Range(0, 300).Select(_ => random.Next(20) / 20f)];
        float[] labels = [.. scores.Select(s => random.NextDouble() < s ? 1f : 0f)];
        var positives = scores.Where((_, i) => labels[i] == 1).ToArray();
        var negatives = scores.Where((_, i) => labels[i] == 0).ToArray();

        var measured = new ScoreRanking(scores, labels).Measure();

        var won = positives.Sum(p => negatives.Sum(n => p > n ? 1.0 : p == n ? 0.5 : 0));
        Assert.Equal(won / ((double)positives.Length * negatives.Length), measured.RocAuc, 12);
        var distance = scores.Distinct().Max(t => Math.Abs(positives.Average(p => p >= t ? 1.0 : 0) - negatives.Average(n => n >= t ? 1.0 : 0)));
        Assert.Equal(distance, measured.Ks, 12);
    }

    [Fact]
    public void Measure_Weights_CountAsRepeatedRows()
    {
        var ranking = new ScoreRanking(Scores, Labels);
        int[] weights = [2, 0, 1, 3, 1];
        float[] ranked = [.. Scores.OrderDescending()];
        float[] rankedLabels = [1, 0, 1, 0, 0];
        var repeated = Enumerable.Range(0, 5).SelectMany(r => Enumerable.Repeat(r, weights[r])).ToArray();

        var expected = new ScoreRanking([.. repeated.Select(r => ranked[r])], [.. repeated.Select(r => rankedLabels[r])]).Measure();

        var measured = ranking.Measure(weights);
        Assert.All(MetricNames.All, m => Assert.Equal(expected[m], measured[m], 12));
    }

    [Fact]
    public void SeparatingThreshold_FiveRows_LiesBelowTheLastPositive()
    {
        Assert.Equal((0.7f + (double)0.4f) / 2, new ScoreRanking(Scores, Labels).SeparatingThreshold());
    }

    [Theory]
    [InlineData(float.NaN, 1)]
    [InlineData(1.01f, 1)]
    [InlineData(-0.01f, 1)]
    [InlineData(0.5f, 2)]
    public void Constructor_ValueOutOfRange_SaysWhichRow(float score, float label)
    {
        var fault = Assert.Throws<ArgumentException>(() => new ScoreRanking([0.5f, score], [0, label]));

        Assert.Contains("row 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_OneClass_Throws() => Assert.Throws<ArgumentException>(() => new ScoreRanking([0.5f, 0.6f], [1, 1]));
}
