using Microsoft.DurableTask;
using Serverless.Orchestrations.Evaluation;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Orchestrations;

public sealed class EvaluateModelTests
{
    private const int Candidate = 2;

    private static readonly ModelDefinition Definition = new(
        "credit", LearningTask.BinaryClassification, new TargetColumn("Status", "bad"), [], [], TrainingPolicy.Default, new GatePolicy(new Dictionary<string, double>(), null),
        DeploymentPolicy.Default, RetrainingPolicy.Default);

    private static readonly VersionMetrics Measured = new(new Dictionary<string, MetricEstimate>(), null);

    [Fact]
    public async Task Run_NoRuleBesideTheChampion_ComparesWithItAndDeploysOverAny()
    {
        var (result, decided, called) = await RunAsync(new FoundChampion(null, null, Ungated: 1), _ => Measured);

        Assert.Equal([nameof(FindChampion), nameof(EvaluateVersion), nameof(EvaluateVersion), nameof(DecidePromotion)], called);
        Assert.Equal((1, null, null), (decided.Champion, decided.ChampionMisfit, decided.Unmeasured));
        Assert.Equal((1, null), (result.Champion, result.JudgedAgainst));
    }

    [Fact]
    public async Task Run_ChampionOfNoRuleThatCannotBeEvaluated_DoesNotCostTheRun()
    {
        var failure = new TaskFailureDetails("System.IO.IOException", "It is gone.", null, null, null);

        var (_, decided, _) = await RunAsync(new FoundChampion(null, null, Ungated: 1), _ => throw new TaskFailedException(nameof(EvaluateVersion), 3, failure));

        Assert.Equal((null, "It is gone.", 1), (decided.Champion, decided.ChampionMisfit, decided.Unmeasured));
    }

    [Fact]
    public async Task Run_FoundByAnOlderRelease_ComparesWithNone()
    {
        var (_, decided, called) = await RunAsync(new FoundChampion(null, null), _ => Measured);

        Assert.Single(called, nameof(EvaluateVersion));
        Assert.Null(decided.Champion);
    }

    private static async Task<(EvaluationResult Result, DecidePromotionInput Decided, IReadOnlyList<string> Called)> RunAsync(
        FoundChampion found, Func<EvaluateVersionInput, VersionMetrics> champion)
    {
        DecidePromotionInput? decided = null;
        var parity = new ParityReport(100, 0, 1e-5, true);
        var context = new ScriptedContext(
            new EvaluationRequest("credit", Candidate, "0123456789abcdef", Definition, parity), new Dictionary<string, Func<object?, object>>
            {
                [nameof(FindChampion)] = _ => found,
                [nameof(EvaluateVersion)] = input => input is EvaluateVersionInput { Version: not Candidate } other ? champion(other) : Measured,
                [nameof(DecidePromotion)] = input =>
                {
                    decided = (DecidePromotionInput)input!;
                    return new GateDecision(true, []);
                },
            });
        return (await EvaluateModel.Run(context), decided!, context.Called);
    }
}
