using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Tests.Integration.Training;

public sealed class TrialRunnerTests
{
    [Fact]
    public void Run_AloneOrBesideOthers_GivesTheSameBits()
    {
        var train = CreditData.Train;
        int[] trials = [0, 2, 3, 8, 10];
        var alone = trials.Select(t => Run(train, SearchSpace.At(17, t), MetricNames.RocAuc)).ToArray();

        var beside = new TrialResult[trials.Length * 2];
        Parallel.For(0, beside.Length, new ParallelOptions { MaxDegreeOfParallelism = 5 },
            i => beside[i] = Run(train, SearchSpace.At(17, trials[i % trials.Length]), MetricNames.RocAuc));

        Assert.Equal([.. alone, .. alone], beside);
    }

    [Theory]
    [InlineData(MetricNames.LogLoss, 0.2, 0.5)]
    [InlineData(MetricNames.Brier, 0.1, 0.16)]
    [InlineData(MetricNames.Ks, 0.5, 0.65)]
    [InlineData(MetricNames.PrAuc, 0.6, 0.8)]
    public void Run_AnyMetric_IsOptimisedInItsDirection(string metric, double low, double high)
    {
        var result = Run(CreditData.Train, SearchSpace.At(17, 0), metric);

        Assert.InRange(result.Score, low, high);
        Assert.InRange(result.StandardDeviation, 1e-6, 0.1);
        Assert.InRange(result.Rounds, 5, TrialRunner.MostRounds);
    }

    [Theory]
    [InlineData(0.15, 50)]
    [InlineData(0.05, 60)]
    [InlineData(0.02, 150)]
    public void PatienceOf_SmallerSteps_IsMoreRounds(double learningRate, int rounds) =>
        Assert.Equal(rounds, TrialRunner.PatienceOf(SearchSpace.At(17, 0) with { LearningRate = learningRate }));

    [Fact]
    public void Run_FoldsInParts_GivesWhatAllAtOnceGive()
    {
        var parameters = SearchSpace.At(17, 0);

        var whole = TrialRunner.Run(CreditData.Train, parameters, TrainingPolicy.Default, 0, 5, CancellationToken.None)!;
        FoldCurve[] parts =
        [
            .. TrialRunner.Run(CreditData.Train, parameters, TrainingPolicy.Default, 0, 1, CancellationToken.None)!.Curves,
            .. TrialRunner.Run(CreditData.Train, parameters, TrainingPolicy.Default, 1, 5, CancellationToken.None)!.Curves,
        ];

        Assert.Equal(whole.Result, TrialResult.Of(parameters, parts, MetricNames.RocAuc));
        Assert.Equal((5, 5), (whole.Folds, whole.Curves.Count));
        Assert.Null(TrialRunner.Run(CreditData.Train, parameters, TrainingPolicy.Default, 5, 6, CancellationToken.None));
    }

    [Fact]
    public void Run_ManyRows_HasOneFoldAndNoDeviation()
    {
        var rows = SyntheticRows.Of(["x", "z"], "nc", 20_001, 1);

        var result = Run(rows, SearchSpace.At(17, 0) with { LearningRate = 0.5 }, MetricNames.RocAuc);

        Assert.Equal(0, result.StandardDeviation);
        Assert.InRange(result.Score, 0.7, 1);
    }

    [Fact]
    public void Run_RankingStandsStillWhileTheLossFalls_GoesOn()
    {
        // The ranking by x0 alone is found at once, the product takes splits that gain nothing at first.
        var rows = Product(20_500, 6, 2);

        var result = Run(rows, SearchSpace.At(17, 0) with { MaxDepth = 3 }, MetricNames.RocAuc);

        Assert.InRange(result.Rounds, 200, TrialRunner.MostRounds);
        Assert.InRange(result.Score, 0.86, 1);
    }

    [Fact]
    public void Run_OneClass_SaysWhy()
    {
        var train = CreditData.Train;

        var fault = Assert.Throws<InvalidOperationException>(() => Run(train with { Labels = new float[train.RowCount] }, SearchSpace.At(17, 0), MetricNames.RocAuc));

        Assert.Contains("both classes", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_CancelledWhileBoosting_Stops()
    {
        using var cancelled = new CancellationTokenSource();
        var rows = SyntheticRows.Of(["x", "y", "z"], "nnc", 200_000, 1);
        cancelled.CancelAfter(TimeSpan.FromMilliseconds(300));

        Assert.Throws<OperationCanceledException>(() =>
            TrialRunner.Run(rows, SearchSpace.At(17, 0) with { LearningRate = 1e-5, MaxDepth = 7 }, TrainingPolicy.Default with { Metric = MetricNames.LogLoss }, 0, 5, cancelled.Token));
    }

    private static TrialResult Run(LabeledTable train, TrialParameters parameters, string metric) =>
        TrialRunner.Run(train, parameters, TrainingPolicy.Default with { Metric = metric }, 0, 5, CancellationToken.None)!.Result;

    private static LabeledTable Product(int count, int columns, int seed)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, count).Select(_ => (X: Enumerable.Range(0, columns).Select(_ => Normal(random)).ToArray(), Noise: Normal(random))).ToArray();
        return new LabeledTable(
            new FeatureTable(
                [.. Enumerable.Range(0, columns).Select(c => new FeatureColumn($"x{c}", ColumnKind.Number))],
                [.. Enumerable.Range(0, columns).Select(c => (Array)Array.ConvertAll(rows, r => (float)r.X[c]))],
                count),
            Array.ConvertAll(rows, r => r.X[0] + (r.X[1] * r.X[2]) + r.Noise > 0 ? 1f : 0f),
            Array.ConvertAll(rows, _ => (ulong)random.NextInt64()),
            new Dictionary<string, string[]>());
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
