using Serverless.Orchestrations.Runs;
using Serverless.Orchestrations.Training;
using Serverless.Platform.Definitions;

namespace Serverless.Tests.Unit.Orchestrations;

public sealed class TrainModelTests
{
    [Fact]
    public async Task Run_NeitherTrialNorBaselineDoneInTime_FailsAndSaysWhatToChange()
    {
        var context = Context(trials: 5, folds: null);

        var failed = await Assert.ThrowsAsync<TimeoutException>(() => TrainModel.Run(context));

        Assert.Equal(
            "No trial of the search ended in time: 5 of 5 were cut by the definition's training.timeout of 00:00:30, half of which is for the first fold; nor was logistic regression, which is "
                + "trained beside them and would have become the model, done by then. There is nothing to fit: set a longer training.timeout in the definition, or learn from fewer rows or "
                + "columns, in fewer folds (training.folds), and train again.",
            failed.Message);
        Assert.DoesNotContain(nameof(FitModel), context.Called);
    }

    [Theory]
    [InlineData(12, 5, 26)]
    [InlineData(12, 3, 20)]
    [InlineData(4, 1, 4)]
    [InlineData(4, null, 10)]
    public async Task Run_Search_TellsItsProgressInFitsOnTheRungsThatThereAre(int trials, int? folds, int fits)
    {
        var context = Context(trials, folds);

        await Assert.ThrowsAsync<TimeoutException>(() => TrainModel.Run(context));

        var told = context.Statuses.OfType<RunStatus>().Where(s => s.Stage == RunStage.Trials).Select(s => s.Progress!).ToList();
        Assert.Equal([new RunProgress(0, fits, "fits"), new RunProgress(fits, fits, "fits")], [told[0], told[^1]]);
        Assert.All(told, p => Assert.Equal(fits, p.Total));
    }

    /// <summary>A run of which no fit is done in time.</summary>
    private static ScriptedContext Context(int trials, int? folds)
    {
        var training = TrainingPolicy.Default with { Trials = trials, Timeout = TimeSpan.FromSeconds(30) };
        var definition = new ModelDefinition(
            "slow", LearningTask.BinaryClassification, new TargetColumn("Status", "bad"), [], [], training, new GatePolicy(new Dictionary<string, double>(), null),
            DeploymentPolicy.Default, RetrainingPolicy.Default);
        return new ScriptedContext(new TrainingRequest("slow", null, "a test"), new Dictionary<string, Func<object?, object>>
        {
            [nameof(PrepareTraining)] = _ => new TrainingPlan(definition, "0123456789abcdef", [], Baseline: true, folds),
            [nameof(FitTrial)] = _ => new FittedTrial(null),
            [nameof(FitBaseline)] = _ => new FittedBaseline(null),
        });
    }
}
