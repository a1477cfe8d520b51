using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;

namespace Serverless.Tests.Integration.Training;

public sealed class BlendedBoosterTests(ITestOutputHelper output)
{
    private readonly TrainingRun run = TrainingRun.Shared;

    private IReadOnlyList<TrialResult> Trials => TrialSelection.Blend(run.Trials, MetricNames.RocAuc, 5, most: 3);

    [Fact]
    public void Fit_OfSeveralTrials_HasTheMeanOfTheirLogOdds()
    {
        Assert.Equal(3, Trials.Count);
        var singles = Trials.Select(trial => Margins(Fit([trial]))).ToList();

        var blended = Margins(Fit(Trials));

        for (var row = 0; row < blended.Length; row++)
        {
            Assert.Equal(singles.Average(margins => margins[row]), blended[row], 1e-5);
        }
    }

    [Fact]
    public void Fit_OfSeveralTrials_IsExportedAndExplainedAsOneModel()
    {
        var model = Fit(Trials);
        var rows = CreditData.HeldOut.Features;

        Assert.True(ParityCheck.Run(model, rows, ParityCheck.DefaultTolerance, CancellationToken.None).Passed);
        Assert.InRange(ModelContributions.Of(model.Learner, model.Signature, rows, CancellationToken.None).AdditivityError, 0, 1e-4);
        Assert.Equal(model.Learner.Booster, Fit(Trials).Learner.Booster);
        Assert.Equal(model.Onnx, Fit(Trials).Onnx);
    }

    [Fact]
    public void Fit_OfSeveralTrials_IsNoWorseOnHeldOutRows()
    {
        var (best, blended) = (Auc(Fit([Trials[0]])), Auc(Fit(Trials)));

        output.WriteLine($"the best {best:F4}, the mean of three {blended:F4}");
        Assert.True(blended > best - 0.002, $"{blended} < {best}");
    }

    [Fact]
    public void OutOfFold_OfTheSamplesBlend_HasAMeanAucOf084OverFiveFolds()
    {
        var (all, policy) = (CreditData.All, CreditData.Definition.Training);
        var blend = TrialSelection.Blend(run.Trials, MetricNames.RocAuc, 5, most: 5);

        var unseen = OutOfFold.Of(
            all, [[.. blend.Select(t => FitPlan.Of(t.Parameters, t.Rounds, policy.Seed, LearningObjective.Of(all)))]], policy, CancellationToken.None)[0];

        var each = unseen.Scores(LearningTask.BinaryClassification, MetricNames.RocAuc);
        output.WriteLine($"{blend.Count} trials, all {all.RowCount} rows: {each.Average():F4} ({string.Join(", ", each.Select(auc => $"{auc:F4}"))})");
        Assert.True(each.Average() >= 0.84, $"{each.Average()} < 0.84");
    }

    [Theory]
    [InlineData(LearningTask.BinaryClassification)]
    [InlineData(LearningTask.MulticlassClassification)]
    [InlineData(LearningTask.Regression)]
    public void OutOfFold_OfOneTrial_ScoresWhatTheTrialHadOnEachFold(LearningTask task)
    {
        var amounts = CreditData.Train.Features.Numbers(CreditData.Train.Features.Columns.Select(c => c.Name).ToList().IndexOf("Amount"));
        var train = task switch
        {
            LearningTask.Regression => CreditData.Train with { Task = task, Classes = [], Labels = amounts },
            LearningTask.MulticlassClassification => CreditData.Train with { Task = task, Classes = ["low", "high", "middle"], Labels = [.. amounts.Select(a => a < 700 ? 0f : a > 1_300 ? 1f : 2f)] },
            _ => CreditData.Train,
        };
        var policy = TrainingPolicy.DefaultFor(task) with { Folds = 3 };
        var trial = TrialRunner.Run(train, SearchSpace.At(17, 0), policy, 0, 3, CancellationToken.None)!;

        var plan = FitPlan.Of(trial.Result.Parameters, trial.Result.Rounds, policy.Seed, LearningObjective.Of(train));
        var scores = OutOfFold.Of(train, [[plan]], policy, CancellationToken.None)[0].Scores(task, policy.Metric);

        Assert.Equal(3, scores.Length);

        // Where the trial stopped before its best number of rounds, there is no figure of so many.
        var steps = trial.Result.Rounds / FoldCurve.Step;
        var compared = scores.Zip(trial.Curves).Where(s => s.Second.Scores.Count >= steps).ToList();
        Assert.NotEmpty(compared);
        Assert.All(compared, s => Assert.Equal(s.Second.At(steps - 1), s.First, 1e-6 + (s.First * 1e-6)));
    }

    private static TrainedModel Fit(IReadOnlyList<TrialResult> trials) => ModelTrainer.Fit(CreditData.Train, CreditData.Definition, trials, CancellationToken.None);

    private static double[] Margins(TrainedModel model)
    {
        var rows = CreditData.HeldOut.Features;
        var contributions = ModelContributions.Of(model.Learner, model.Signature, rows, CancellationToken.None);
        return
        [
            .. Enumerable.Range(0, rows.RowCount).Select(row =>
                contributions.ExpectedMargin + Enumerable.Range(0, model.Signature.Columns.Count).Sum(column => (double)contributions[row, column])),
        ];
    }

    private static double Auc(TrainedModel model)
    {
        using var session = new ModelSession(model.Onnx, model.Signature);
        LabeledTable rows = CreditData.HeldOut;
        return new ScoreRanking(session.Score(rows.Features, CancellationToken.None), rows.Labels).Measure()[MetricNames.RocAuc];
    }
}
