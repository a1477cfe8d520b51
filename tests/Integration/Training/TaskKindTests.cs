using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;

namespace Serverless.Tests.Integration.Training;

/// <summary>Several classes, and numbers to predict, by the real XGBoost and ONNX Runtime.</summary>
public sealed class TaskKindTests(ITestOutputHelper output)
{
    private static readonly TrialParameters Parameters = SearchSpace.At(17, 0) with { LearningRate = 0.3 };
    private static readonly string[] Names = ["a", "b", "c", "d"];

    [Theory]
    [InlineData(LearningTask.Regression, "nccn")]
    [InlineData(LearningTask.Regression, "nnnn")]
    [InlineData(LearningTask.MulticlassClassification, "nccn")]
    [InlineData(LearningTask.MulticlassClassification, "cccc")]
    public void Fit_EitherLearnerOfAnyColumns_ExportsAGraphThatScoresAsTheBooster(LearningTask task, string kinds)
    {
        var rows = Rows(task, kinds, 1_500, 1);
        var held = Rows(task, kinds, 500, 2);
        foreach (var model in (TrainedModel[])[FitTrees(rows), FitLinear(rows)])
        {
            var parity = ParityCheck.Run(model, held.Features, ParityCheck.DefaultTolerance, CancellationToken.None);

            output.WriteLine($"{model.Signature.Learner} {parity}");
            Assert.True(parity.Passed);
            Assert.Equal((500, task), (parity.Rows, model.Signature.Task));
        }
    }

    [Theory]
    [InlineData(LearningTask.Regression)]
    [InlineData(LearningTask.MulticlassClassification)]
    public void Fit_SameInput_GivesTheSameBytes(LearningTask task)
    {
        var rows = Rows(task, "nc", 1_000, 1);

        Assert.Equal(FitTrees(rows).Onnx, FitTrees(rows).Onnx);
        Assert.Equal(FitTrees(rows).Learner.Booster, FitTrees(rows).Learner.Booster);
        Assert.Equal(FitLinear(rows).Learner.Booster, FitLinear(rows).Learner.Booster);
    }

    [Theory]
    [InlineData(1e-9, 0)]
    [InlineData(1e9, 3e10)]
    public void Fit_NumbersInAnotherUnit_PredictsTheSameInIt(double factor, double shift)
    {
        var rows = Rows(LearningTask.Regression, "nc", 1_500, 1);
        var held = Rows(LearningTask.Regression, "nc", 500, 2);
        var other = InUnit(rows, factor, shift);
        foreach (var (model, converted) in (IEnumerable<(TrainedModel, TrainedModel)>)[(FitTrees(rows), FitTrees(other)), (FitLinear(rows), FitLinear(other))])
        {
            var (r2, convertedR2) = (R2(model, held), R2(converted, InUnit(held, factor, shift)));

            output.WriteLine($"{model.Signature.Learner}: {r2:F5}, in the other unit {convertedR2:F5}");
            Assert.InRange(r2, 0.3, 0.99);
            Assert.Equal(r2, convertedR2, 2e-3);
        }
    }

    [Fact]
    public void Fit_NumbersToPredict_KeepsABoosterInTheTargetsUnit()
    {
        var rows = InUnit(Rows(LearningTask.Regression, "nc", 1_500, 1), 1_000, 50_000);
        var model = FitTrees(rows);
        using var booster = Booster.Load(model.Learner.Booster);
        using var matrix = DMatrix.Of(LearnerEncoding.Of(model.Signature).Encode(rows.Features), LearnerKind.Trees);

        Assert.Equal(rows.Labels.Average(), booster.Predict(matrix).Average(), 50.0);
        var contributions = ModelContributions.Of(model.Learner, model.Signature, rows.Features.Take([.. Enumerable.Range(0, 50)]), CancellationToken.None);
        Assert.InRange(contributions.ExpectedMargin, 48_000, 52_000);
        Assert.InRange(contributions.AdditivityError, 0, 0.1);
    }

    [Theory]
    [InlineData(LearningTask.Regression, "rmse")]
    [InlineData(LearningTask.Regression, "mae")]
    [InlineData(LearningTask.MulticlassClassification, "log-loss")]
    [InlineData(LearningTask.MulticlassClassification, "macro-f1")]
    public void Run_ByAMetricOfTheTask_StopsEarlyAndBeatsTheBaselineWhereTheLawIsNotALine(LearningTask task, string metric)
    {
        var rows = Rows(task, "nnc", 1_500, 1);
        var policy = TrainingPolicy.DefaultFor(task) with { Metric = metric, Folds = 3 };

        var trial = TrialRunner.Run(rows, Parameters, policy, 0, 3, CancellationToken.None)!;
        var again = TrialRunner.Run(rows, Parameters, policy, 0, 3, CancellationToken.None)!;
        var baseline = BaselineRunner.Run(rows, policy, CancellationToken.None);
        var choice = LearnerChoice.Of([.. trial.Curves.Select(c => c.At((trial.Result.Rounds / FoldCurve.Step) - 1))], baseline.FoldScores, metric);

        output.WriteLine($"{trial.Result.Rounds} rounds; {choice.Reason}");
        Assert.Equal(trial.Result, again.Result);
        Assert.Equal(LearnerKind.Trees, choice.Learner);
        Assert.InRange(trial.Result.Rounds, 5, 600);
        Assert.Contains(task == LearningTask.Regression ? "linear regression" : "logistic regression", choice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_SeveralClasses_GivesProbabilitiesOfEachInTheirOrder()
    {
        var rows = Rows(LearningTask.MulticlassClassification, "nc", 2_000, 1);
        var held = Rows(LearningTask.MulticlassClassification, "nc", 1_000, 2);
        var model = FitTrees(rows);
        using var session = new ModelSession(model.Onnx, model.Signature);

        var scores = session.Score(held.Features, CancellationToken.None);

        Assert.Equal(["high", "low", "middle"], model.Signature.Classes);
        Assert.Equal(3_000, scores.Length);
        Assert.All(scores.Chunk(3), row => Assert.Equal(1, row.Sum(), 1e-5));
        Assert.InRange(TaskMetrics.Value(held.Task, "accuracy", scores, 3, held.Labels), 0.6, 1);
        var contributions = ModelContributions.Of(model.Learner, model.Signature, held.Features.Take([0, 1, 2]), CancellationToken.None);
        Assert.Equal(3, contributions.Width);
        Assert.InRange(contributions.AdditivityError, 0, 1e-4);
    }

    [Fact]
    public void Fit_OverconfidentClasses_AreCalibratedInTheGraph()
    {
        var rows = Rows(LearningTask.MulticlassClassification, "nc", 1_000, 1);
        var greedy = new TrialResult(0, Parameters with { MaxDepth = 7, MinChildWeight = 0.1, LearningRate = 0.5 }, 100, 0, 0);
        var definition = Definition(rows.Task) with { Training = TrainingPolicy.DefaultFor(rows.Task) };
        var model = ModelTrainer.Fit(rows, definition, [greedy], CancellationToken.None);

        var calibration = Assert.IsType<Calibration>(model.Signature.Calibration);
        output.WriteLine($"{calibration}");
        Assert.Equal(CalibrationMethod.Temperature, calibration.Method);
        Assert.InRange(calibration.Slope, 0.05, 0.8);
        Assert.True(calibration.LogLoss < calibration.LogLossBefore);
        Assert.True(ParityCheck.Run(model, rows.Features, ParityCheck.DefaultTolerance, CancellationToken.None).Passed);
    }

    [Fact]
    public void Fit_WeightsOfSeveralClasses_MoveThePredictionsTowardsThem()
    {
        var rows = Rows(LearningTask.MulticlassClassification, "nc", 1_500, 1);
        var weighted = TrainingPolicy.DefaultFor(rows.Task) with
        {
            Weights = new ClassWeights { ByClass = new Dictionary<string, double> { ["low"] = 10 } },
            Calibration = CalibrationChoice.None,
        };

        Assert.True(MeanOfLow(weighted) > MeanOfLow(weighted with { Weights = null }) + 0.05);

        double MeanOfLow(TrainingPolicy policy)
        {
            var model = ModelTrainer.Fit(rows, Definition(rows.Task) with { Training = policy }, [new TrialResult(0, Parameters, 30, 0, 0)], CancellationToken.None);
            using var session = new ModelSession(model.Onnx, model.Signature);
            return session.Score(rows.Features, CancellationToken.None).Chunk(3).Average(row => (double)row[1]);
        }
    }

    [Fact]
    public void Fit_ColumnOfManyCategories_HasAMeanOfNumbersAndNoneOfClasses()
    {
        foreach (var task in (LearningTask[])[LearningTask.Regression, LearningTask.MulticlassClassification])
        {
            var rows = Rows(task, "nc", 2_000, 1);
            string[] cities = [.. Enumerable.Range(0, 2_000).Select(i => i % 7 == 0 ? "" : $"city {(int)rows.Labels[i]} {i % 40}")];
            var many = rows with { Features = new FeatureTable(rows.Features.Columns, [rows.Features.Numbers(0), cities], 2_000) };

            var model = FitTrees(many);

            Assert.Equal(task == LearningTask.Regression, model.Signature.Columns[1].Rates is not null);
            Assert.True(ParityCheck.Run(model, many.Features, ParityCheck.DefaultTolerance, CancellationToken.None).Passed);
        }
    }

    /// <summary>Rows whose target follows their columns by no line: a number, or in which third of the numbers it is.</summary>
    private static LabeledTable Rows(LearningTask task, string kinds, int count, int seed)
    {
        var rows = SyntheticRows.Of(Names[..kinds.Length], kinds, count, seed);
        var random = new Random(seed);
        var values = new float[count];
        for (var row = 0; row < count; row++)
        {
            var sum = (random.NextDouble() - 0.5) * 0.8;
            for (var c = 0; c < kinds.Length; c++)
            {
                if (kinds[c] == 'c') sum += rows.Features.Categories(c)[row].EndsWith('4') ? 1.5 : 0;
                else sum += float.IsNaN(rows.Features.Numbers(c)[row]) ? 0.5 : Math.Cos(rows.Features.Numbers(c)[row] * 2);
            }

            values[row] = (float)sum;
        }

        return task == LearningTask.Regression
            ? rows with { Labels = values, Task = task }
            : rows with { Labels = [.. values.Select(v => v > 0.9 ? 0f : v < 0 ? 1f : 2f)], Task = task, Classes = ["high", "low", "middle"] };
    }

    private static LabeledTable InUnit(LabeledTable rows, double factor, double shift) =>
        rows with { Labels = [.. rows.Labels.Select(l => (float)((l * factor) + shift))] };

    private static ModelDefinition Definition(LearningTask task) => CreditData.Definition with
    {
        Task = task,
        Target = new TargetColumn("y", null),
        Training = TrainingPolicy.DefaultFor(task) with { Folds = 2, Calibration = CalibrationChoice.None },
    };

    private static TrainedModel FitTrees(LabeledTable rows) =>
        ModelTrainer.Fit(rows, Definition(rows.Task), [new TrialResult(0, Parameters, 40, 0, 0)], CancellationToken.None);

    private static TrainedModel FitLinear(LabeledTable rows) => ModelTrainer.Fit(
        rows, Definition(rows.Task), new BaselineResult(1e-3, 0, 0, [], BaselineRunner.Passes, []), CancellationToken.None);

    private static double R2(TrainedModel model, LabeledTable held)
    {
        using var session = new ModelSession(model.Onnx, model.Signature);
        return TaskMetrics.Value(LearningTask.Regression, "r2", session.Score(held.Features, CancellationToken.None), 1, held.Labels);
    }
}
