using System.Text.Json.Serialization;
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
/// <param name="Unmeasured">The champion that could not be evaluated; null when it could, or there is none.</param>
public sealed record DecidePromotionInput(
    string Model,
    int Version,
    int? Champion,
    string? ChampionMisfit,
    GatePolicy Gates,
    ParityReport Parity,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Unmeasured = null);

/// <summary>Puts the reports before the promotion gate, and writes the card for the approvers where the definition asks for an approval.</summary>
/// <remarks>Repeating it writes the same card. An activity, so that a decision once made stands in the history and later changes of the rules don't alter it.</remarks>
public sealed class DecidePromotion(ModelRegistry registry, ModelCard card, TimeProvider time)
{
    [Function(nameof(DecidePromotion))]
    public async Task<GateDecision> Run([ActivityTrigger] DecidePromotionInput input, CancellationToken cancellationToken)
    {
        var definition = (await registry.ReadLineageAsync(input.Model, input.Version, cancellationToken))?.Definition;
        var decision = await DecideAsync(input, definition, cancellationToken);
        var deployment = definition?.Deployment;
        if (decision.Passed && deployment is { Approval: ApprovalMode.Required })
        {
            var approvers = deployment.Approvers.Count == 0 ? "anybody who can reach the endpoint" : string.Join(" or ", deployment.Approvers);
            var pending = new ModelDecision(DecisionOutcome.AwaitingApproval, decision, "gate", $"passed the gate; {approvers} decides", time.GetUtcNow());
            await card.WriteForApprovalAsync(input.Model, input.Version, pending, cancellationToken);
        }

        return decision;
    }

    private async Task<GateDecision> DecideAsync(DecidePromotionInput input, ModelDefinition? definition, CancellationToken cancellationToken)
    {
        var candidate = await ReadAsync(input, ModelRegistry.MetricsFile, cancellationToken);
        var fairness = input.Gates.Groups is null
            ? null : await registry.ReadVersionFileAsync<FairnessReport>(input.Model, input.Version, ModelRegistry.FairnessFile, cancellationToken);
        if (input.Champion is not { } deployed)
        {
            var recorded = input is { Unmeasured: { } unmeasured, Gates.Champion: not null }
                ? await FindRecordedAsync(input, unmeasured, definition, candidate, cancellationToken) : null;
            return PromotionGate.Decide(input.Gates, candidate, champion: null, input.Parity, input.ChampionMisfit, recorded: recorded, fairness: fairness);
        }

        var champion = await ReadAsync(input, ModelRegistry.ChampionMetricsFile(deployed), cancellationToken);
        // A run that began under an older release has no comparison; the gate then does without the interval.
        var comparison = await registry.ReadVersionFileAsync<ComparisonReport>(
            input.Model, input.Version, ModelRegistry.ComparisonFile(deployed), cancellationToken);
        return PromotionGate.Decide(input.Gates, candidate, champion, input.Parity, input.ChampionMisfit, comparison, fairness: fairness, metric: definition?.Training.Metric);
    }

    /// <summary>What was measured of a champion when it was trained, if that is of the same task, target and classes.</summary>
    private async Task<EvaluationReport?> FindRecordedAsync(
        DecidePromotionInput input, int champion, ModelDefinition? ours, EvaluationReport candidate, CancellationToken cancellationToken)
    {
        try
        {
            var its = await registry.ReadLineageAsync(input.Model, champion, cancellationToken);
            var recorded = await registry.ReadVersionFileAsync<EvaluationReport>(input.Model, champion, ModelRegistry.MetricsFile, cancellationToken);
            var same = its?.Definition.Task == ours?.Task && its?.Definition.Target == ours?.Target
                && Classes(recorded).SequenceEqual(Classes(candidate), StringComparer.Ordinal);
            return same ? recorded : null;
        }
        catch (InvalidDataException)
        {
            // Damaged as well: the gate then says that there is nothing to compare with.
            return null;
        }

        static IEnumerable<string> Classes(EvaluationReport? report) => report?.Classes?.Each.Select(c => c.Class) ?? [];
    }

    private async Task<EvaluationReport> ReadAsync(DecidePromotionInput input, string file, CancellationToken cancellationToken) =>
        await registry.ReadVersionFileAsync<EvaluationReport>(input.Model, input.Version, file, cancellationToken)
        ?? throw new InvalidDataException($"Version {input.Version} of '{input.Model}' has no {file}, which its evaluation wrote; it must have been deleted. Train again.");
}
