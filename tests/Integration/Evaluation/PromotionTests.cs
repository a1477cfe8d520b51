using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;
using Serverless.Tests.Integration.Training;

namespace Serverless.Tests.Integration.Evaluation;

public sealed class PromotionTests
{
    private readonly TrainingRun run = TrainingRun.Shared;

    [Fact]
    public void Decide_TrainedModelAgainstAWeakChampion_PassesAndNotTheOtherWayRound()
    {
        var weak = ModelTrainer.Fit(CreditData.Train, CreditData.Definition, [run.Best with { Rounds = 1 }], CancellationToken.None);
        var (candidate, champion) = (Evaluate(run.Model), Evaluate(weak));
        var parity = ParityCheck.Run(run.Model, CreditData.HeldOut.Features, ParityCheck.DefaultTolerance, CancellationToken.None);

        Assert.True(PromotionGate.Decide(CreditData.Definition.Gates, candidate, champion, parity).Passed);
        Assert.False(PromotionGate.Decide(CreditData.Definition.Gates, champion, candidate, parity).Passed);
    }

    [Fact]
    public void Evaluate_HeldOutRows_IsTheSameEachTime() => Assert.Equivalent(Evaluate(run.Model), Evaluate(run.Model), strict: true);

    private static EvaluationReport Evaluate(TrainedModel model)
    {
        var rows = CreditData.HeldOut;
        using var session = new ModelSession(model.Onnx, model.Signature);
        var scores = session.Score(rows.Features, CancellationToken.None);
        return ModelEvaluator.Evaluate(
            new EvaluationInput(rows.Task, [], scores, rows.Labels, model.Signature.Threshold, 17, rows.Sensitive, CreditData.Definition.Training.Cost), CancellationToken.None).Report!;
    }
}
