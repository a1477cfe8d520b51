using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment;
using Serverless.Platform.Evaluation;

namespace Serverless.Orchestrations.Evaluation;

/// <param name="Model">The model.</param>
/// <param name="Version">The candidate.</param>
/// <param name="Champion">The champion that was evaluated beside it; null when there is none, or it could not be.</param>
/// <param name="ChampionMisfit">Why a champion could not be evaluated beside it; null when it could, or there is none.</param>
/// <param name="Gates">What the definition asks of a candidate.</param>
/// <param name="Parity">How the candidate's graph compares with its learner.</param>
public sealed record DecidePromotionInput(string Model, int Version, int? Champion, string? ChampionMisfit, GatePolicy Gates, ParityReport Parity);

/// <summary>Puts the reports before the promotion gate.</summary>
/// <remarks>Reads only. An activity, so that a decision once made stands in the history and later changes of the rules don't alter it.</remarks>
public sealed class DecidePromotion(ModelRegistry registry)
{
    [Function(nameof(DecidePromotion))]
    public async Task<GateDecision> Run([ActivityTrigger] DecidePromotionInput input, CancellationToken cancellationToken)
    {
        var candidate = await ReadAsync(input, ModelRegistry.MetricsFile, cancellationToken);
        if (input.Champion is not { } deployed)
        {
            return PromotionGate.Decide(input.Gates, candidate, champion: null, input.Parity, input.ChampionMisfit);
        }

        var champion = await ReadAsync(input, ModelRegistry.ChampionMetricsFile(deployed), cancellationToken);
        // A run that began under an older release has no comparison; the gate then does without the interval.
        var comparison = await registry.ReadVersionFileAsync<ComparisonReport>(
            input.Model, input.Version, ModelRegistry.ComparisonFile(deployed), cancellationToken);
        return PromotionGate.Decide(input.Gates, candidate, champion, input.Parity, input.ChampionMisfit, comparison);
    }

    private async Task<EvaluationReport> ReadAsync(DecidePromotionInput input, string file, CancellationToken cancellationToken) =>
        await registry.ReadVersionFileAsync<EvaluationReport>(input.Model, input.Version, file, cancellationToken)
        ?? throw new InvalidDataException($"Version {input.Version} of '{input.Model}' has no {file}, which its evaluation wrote; it must have been deleted. Train again.");
}
