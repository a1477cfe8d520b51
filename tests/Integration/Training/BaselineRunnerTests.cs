using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Tests.Integration.Training;

public sealed class BaselineRunnerTests(ITestOutputHelper output)
{
    [Fact]
    public void Run_CreditData_IsWhatLogisticRegressionReachesThere()
    {
        var baseline = BaselineRunner.Run(CreditData.Train, TrainingPolicy.Default, CancellationToken.None);

        output.WriteLine($"{baseline} {string.Join(" ", baseline.FoldScores)} {string.Join(" ", baseline.Tried)}");
        Assert.InRange(baseline.Score, 0.80, 0.85);
        Assert.Equal((5, 4), (baseline.FoldScores.Count, baseline.Tried.Count));
        Assert.Equal(baseline.Tried.Max(t => t.Score), baseline.Score);
    }

    [Fact]
    public void Run_AgainAndBesideOthers_GivesTheSameBits()
    {
        var alone = BaselineRunner.Run(CreditData.Train, TrainingPolicy.Default, CancellationToken.None);

        Parallel.For(0, 3, _ =>
        {
            var beside = BaselineRunner.Run(CreditData.Train, TrainingPolicy.Default, CancellationToken.None);
            Assert.Equal(alone.FoldScores, beside.FoldScores);
            Assert.Equal(alone.Tried, beside.Tried);
        });
    }

    [Fact]
    public void Run_RowsOfALinearLaw_IsAsGoodAsTrees()
    {
        var rows = LinearRows(2_000);
        var trial = TrialRunner.Run(rows, SearchSpace.At(17, 0), TrainingPolicy.Default, 0, 5, CancellationToken.None)!;
        var baseline = BaselineRunner.Run(rows, TrainingPolicy.Default, CancellationToken.None);

        var choice = LearnerChoice.Of([.. trial.Curves.Select(c => c.At((trial.Result.Rounds / FoldCurve.Step) - 1))], baseline.FoldScores, MetricNames.RocAuc);

        output.WriteLine(choice.Reason);
        Assert.Equal(LearnerKind.Linear, choice.Learner);
        Assert.True(choice.Baseline > choice.Trees);
    }

    [Fact]
    public void Fit_Baseline_FindsTheLawsWeights()
    {
        var rows = LinearRows(4_000);
        var model = ModelTrainer.Fit(rows, CreditData.Definition, BaselineRunner.Run(rows, TrainingPolicy.Default, CancellationToken.None), CancellationToken.None);
        using var booster = Booster.Load(model.Learner.Booster);

        var weights = LinearModel.Parse(booster.Save()).Weights;

        // Labels are drawn with log-odds 2·a − b, and a and b are uniform with a deviation of 1.
        Assert.InRange(weights[0], 1.7, 2.3);
        Assert.InRange(weights[1], -1.25, -0.75);
        Assert.Equal(LearnerKind.Linear, model.Signature.Learner);
    }

    [Theory]
    [InlineData("nccnnc")]
    [InlineData("nnnnnn")]
    [InlineData("cccccc")]
    public void Fit_BaselineOfAnyColumns_ExportsAGraphThatScoresAsTheBooster(string kinds)
    {
        string[] names = ["a", "b", "c", "d", "e", "f"];
        var rows = SyntheticRows.Of(names, kinds, 2_000, 1, extremes: true);
        var model = ModelTrainer.Fit(rows, CreditData.Definition, BaselineRunner.Run(rows, TrainingPolicy.Default, CancellationToken.None), CancellationToken.None);

        var report = ParityCheck.Run(model, SyntheticRows.Of(names, kinds, 1_000, 2, extremes: true).Features, ParityCheck.DefaultTolerance, CancellationToken.None);

        output.WriteLine(report.ToString());
        Assert.True(report.Passed);
    }

    private static LabeledTable LinearRows(int count)
    {
        var random = new Random(11);
        float[] a = [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Sqrt(12)))];
        float[] b = [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Sqrt(12)))];
        return new LabeledTable(
            new FeatureTable([new("a", ColumnKind.Number), new("b", ColumnKind.Number)], [a, b], count),
            [.. a.Zip(b).Select(r => random.NextDouble() < 1 / (1 + Math.Exp(r.Second - (2 * r.First))) ? 1f : 0f)],
            [.. a.Select(_ => (ulong)random.NextInt64())],
            new Dictionary<string, string[]>());
    }
}
