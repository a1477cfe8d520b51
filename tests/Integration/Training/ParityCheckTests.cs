using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;

namespace Serverless.Tests.Integration.Training;

public sealed class ParityCheckTests(ITestOutputHelper output)
{
    private static readonly string[] Odd = ["net income (€)", "a\nb", "a\0b", "score", "", "年齢 😀"];
    private readonly TrainingRun run = TrainingRun.Shared;

    [Fact]
    public void Run_RandomRowsWithMissingUnseenAndExtremeValues_Passes()
    {
        var random = new Random(1);
        var columns = CreditData.All.Features.Columns;
        var values = columns.Select((column, c) => column.Kind == ColumnKind.Number
            ? (Array)Enumerable.Range(0, 1_000).Select(_ => Number(random)).ToArray()
            : Enumerable.Range(0, 1_000).Select(_ => Category(random, run.Model.Signature.Columns[c].Categories)).ToArray()).ToArray();

        Assert.True(Check(run.Model, new FeatureTable(columns, values, 1_000)).Passed);
    }

    [Fact]
    public void Run_NumbersAtAndBesideEveryThreshold_AgreesOnTheSide()
    {
        using var booster = Booster.Load(run.Model.Learner.Booster);
        var thresholds = TreeEnsemble.Parse(booster.Save()).Trees.SelectMany(t => t).Where(n => !n.IsLeaf).GroupBy(n => n.Feature)
            .ToDictionary(g => g.Key, g => g.Select(n => n.Value).Distinct().ToArray());
        var source = CreditData.All.Features;
        const int Rows = 4_000;
        var features = source.Columns.Where(c => c.Kind == ColumnKind.Number).Index().ToDictionary(c => c.Item, c => c.Index);
        var values = source.Columns.Select((column, c) => column.Kind == ColumnKind.Category
            ? (Array)source.Categories(c)[..Rows]
            : Enumerable.Range(0, Rows).Select(r => Beside(thresholds[features[column]], r + c)).ToArray()).ToArray();

        Assert.True(Check(run.Model, new FeatureTable(source.Columns, values, Rows)).Passed);
    }

    [Theory]
    [InlineData("nccnnc")]
    [InlineData("nnnnnn")]
    [InlineData("cccccc")]
    [InlineData("bbbbbb")]
    [InlineData("dddddd")]
    [InlineData("tttttt")]
    [InlineData("tdbcnd")]
    public void Run_ColumnsOfAnyNameAndKind_Passes(string kinds)
    {
        var model = Fit(SyntheticRows.Of(Odd, kinds, 2_000, 1), SearchSpace.At(1, 0), 30);

        Assert.True(Check(model, SyntheticRows.Of(Odd, kinds, 1_000, 2).Features).Passed);
    }

    [Theory]
    [InlineData("dtbcnd")]
    [InlineData("dddttb")]
    public void Run_LinearModelOfDatesTextsAndBooleans_Passes(string kinds)
    {
        var rows = SyntheticRows.Of(Odd, kinds, 1_500, 1);
        var baseline = BaselineRunner.Run(rows, CreditData.Definition.Training with { Folds = 2 }, CancellationToken.None);
        var model = ModelTrainer.Fit(rows, CreditData.Definition, baseline, CancellationToken.None);

        Assert.True(Check(model, SyntheticRows.Of(Odd, kinds, 600, 2).Features).Passed);
    }

    [Fact]
    public void Run_TextsWithoutAWord_Passes()
    {
        var rows = SyntheticRows.Of(["x", "t"], "nt", 1_000, 1);
        var model = Fit(rows, SearchSpace.At(1, 0), 20);

        string[] texts = [.. Enumerable.Repeat("", 300), .. Enumerable.Repeat("— !", 300)];
        Assert.True(Check(model, new FeatureTable(rows.Features.Columns, [rows.Features.Numbers(0)[..600], texts], 600)).Passed);
        Assert.NotEmpty(model.Signature.Columns[1].Words!.Words);
    }

    [Fact]
    public void Run_TrainedOnInfiniteAndGreatNumbers_Passes()
    {
        var model = Fit(SyntheticRows.Of(["x", "y", "z"], "nnc", 3_000, 1, extremes: true), SearchSpace.At(1, 0), 60);

        Assert.True(Check(model, SyntheticRows.Of(["x", "y", "z"], "nnc", 3_000, 2, extremes: true).Features).Passed);
    }

    [Fact]
    public void Run_TreesWithoutASplit_Passes()
    {
        var model = Fit(SyntheticRows.Of(["x", "z"], "nc", 500, 1), SearchSpace.At(1, 0) with { Gamma = 1e6 }, 5);
        using var booster = Booster.Load(model.Learner.Booster);

        Assert.All(TreeEnsemble.Parse(booster.Save()).Trees, t => Assert.Single(t));
        Assert.True(Check(model, SyntheticRows.Of(["x", "z"], "nc", 100, 2).Features).Passed);
    }

    [Fact]
    public void Run_ColumnWithoutAFrequentCategory_Passes()
    {
        var rows = SyntheticRows.Of(["x", "id"], "nc", 500, 1);
        var unique = new FeatureTable(rows.Features.Columns, [rows.Features.Numbers(0), Enumerable.Range(0, 500).Select(i => $"id-{i}").ToArray()], 500);
        var model = Fit(rows with { Features = unique }, SearchSpace.At(1, 0), 20);

        Assert.Empty(model.Signature.Columns[1].Categories);
        Assert.True(Check(model, unique).Passed);
    }

    [Theory]
    [InlineData(CalibrationChoice.Platt)]
    [InlineData(CalibrationChoice.Isotonic)]
    public void Run_CalibratedModelOfWeightedRows_Passes(CalibrationChoice choice)
    {
        var training = CreditData.Definition.Training with { Calibration = choice, Weights = ClassWeights.Balanced };
        var model = ModelTrainer.Fit(CreditData.Train, CreditData.Definition with { Training = training }, [run.Best], CancellationToken.None);

        Assert.NotNull(model.Signature.Calibration);
        Assert.True(Check(model, CreditData.HeldOut.Features).Passed);
        using var session = new ModelSession(model.Onnx, model.Signature);
        var mean = session.Score(CreditData.HeldOut.Features, CancellationToken.None).Average();

        // Balanced weights alone would put the mean score near a half; calibrated it is the rate of positives again.
        Assert.InRange(mean, CreditData.HeldOut.Labels.Average() - 0.04, CreditData.HeldOut.Labels.Average() + 0.04);
    }

    [Fact]
    public void Run_ColumnOfManyCategories_Passes()
    {
        var rows = SyntheticRows.Of(["x", "z"], "nc", 3_000, 1);
        string[] cities = [.. Enumerable.Range(0, 3_000).Select(i => i % 7 == 0 ? "" : $"city {i % 500}")];
        var many = rows with { Features = new FeatureTable(rows.Features.Columns, [rows.Features.Numbers(0), cities], 3_000) };
        var model = Fit(many, SearchSpace.At(1, 0), 40);

        Assert.NotNull(model.Signature.Columns[1].Rates);
        Assert.NotNull(model.Signature.Columns[1].Shares);
        Assert.True(Check(model, many.Features).Passed);
        Assert.True(Check(model, rows.Features).Passed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_MissingValuesThatNoTrainingRowHad_Passes(bool trees)
    {
        var rows = CreditData.HeldOut.Features;
        var model = trees ? run.Model : ModelTrainer.Fit(
            CreditData.Train, CreditData.Definition, BaselineRunner.Run(CreditData.Train, CreditData.Definition.Training, CancellationToken.None), CancellationToken.None);
        Assert.Contains(model.Signature.Columns, c => c.Typical is { LearnsMissing: false });

        // One column after the other is blank throughout.
        Assert.All(Enumerable.Range(0, rows.Columns.Count), blank => Assert.True(Check(model, new FeatureTable(
            rows.Columns,
            [.. rows.Columns.Select((c, place) => place != blank ? c.Kind == ColumnKind.Number ? (Array)rows.Numbers(place) : rows.Categories(place)
                : c.Kind == ColumnKind.Number ? Enumerable.Repeat(float.NaN, rows.RowCount).ToArray() : Enumerable.Repeat("", rows.RowCount).ToArray())],
            rows.RowCount)).Passed, rows.Columns[blank].Name));
    }

    [Fact]
    public void Run_GraphOfAnotherModel_Fails()
    {
        var other = ModelTrainer.Fit(CreditData.Train, CreditData.Definition, [run.Best with { Rounds = 3 }], CancellationToken.None);

        var report = ParityCheck.Run(run.Model with { Onnx = other.Onnx }, CreditData.HeldOut.Features, ParityCheck.DefaultTolerance, CancellationToken.None);

        Assert.False(report.Passed);
        Assert.True(report.MaxAbsoluteDifference > 0.01);
    }

    [Fact]
    public void Run_NoRows_Fails() =>
        Assert.False(ParityCheck.Run(run.Model, CreditData.All.Features.Take([]), ParityCheck.DefaultTolerance, CancellationToken.None).Passed);

    private static TrainedModel Fit(LabeledTable rows, TrialParameters parameters, int rounds) =>
        ModelTrainer.Fit(rows, CreditData.Definition, [new TrialResult(0, parameters, rounds, 0, 0, 0.5)], CancellationToken.None);

    private static float Number(Random random) => random.Next(10) switch
    {
        0 => float.NaN,
        1 => float.PositiveInfinity,
        2 => float.NegativeInfinity,
        3 => float.MaxValue,
        4 => (float)((random.NextDouble() - 0.5) * 1e30),
        _ => random.Next(-10, 5_000),
    };

    private static string Category(Random random, IReadOnlyList<string> known) => random.Next(5) switch
    {
        0 => "",
        1 => "never seen",
        2 => new string('ü', 2_000),
        _ => known[random.Next(known.Count)],
    };

    private static float Beside(float[] thresholds, int row) => (row % 4) switch
    {
        0 => thresholds[row / 4 % thresholds.Length],
        1 => MathF.BitDecrement(thresholds[row / 4 % thresholds.Length]),
        2 => MathF.BitIncrement(thresholds[row / 4 % thresholds.Length]),
        _ => float.NaN,
    };

    private ParityReport Check(TrainedModel model, FeatureTable rows)
    {
        var report = ParityCheck.Run(model, rows, ParityCheck.DefaultTolerance, CancellationToken.None);
        output.WriteLine(report.ToString());
        return report;
    }
}
