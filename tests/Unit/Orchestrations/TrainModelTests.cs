using Serverless.Orchestrations.Training;
using Serverless.Platform.Definitions;

namespace Serverless.Tests.Unit.Orchestrations;

public sealed class TrainModelTests
{
    [Fact]
    public async Task Run_NeitherTrialNorBaselineDoneInTime_FailsAndSaysWhatToChange()
    {
        var training = TrainingPolicy.Default with { Trials = 5, Timeout = TimeSpan.FromSeconds(30) };
        var definition = new ModelDefinition(
            "slow", LearningTask.BinaryClassification, new TargetColumn("Status", "bad"), [], [], training, new GatePolicy(new Dictionary<string, double>(), null),
            DeploymentPolicy.Default, RetrainingPolicy.Default);
        var context = new ScriptedContext(new TrainingRequest("slow", null, "a test"), new Dictionary<string, Func<object?, object>>
        {
            [nameof(PrepareTraining)] = _ => new TrainingPlan(definition, "0123456789abcdef", [], Baseline: true),
            [nameof(FitTrial)] = _ => new FittedTrial(null),
            [nameof(FitBaseline)] = _ => new FittedBaseline(null),
        });

        var failed = await Assert.ThrowsAsync<TimeoutException>(() => TrainModel.Run(context));

        Assert.Equal(
            "No trial of the search ended in time: 5 of 5 were cut by the definition's training.timeout of 00:00:30, half of which is for the first fold; nor was logistic regression, which is "
                + "trained beside them and would have become the model, done by then. There is nothing to fit: set a longer training.timeout in the definition, or learn from fewer rows or "
                + "columns, in fewer folds (training.folds), and train again.",
            failed.Message);
        Assert.DoesNotContain(nameof(FitModel), context.Called);
    }
}
