using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Deployment;
using Serverless.Platform.Evaluation;

namespace Serverless.Orchestrations.Deployment;

/// <param name="Model">The model.</param>
/// <param name="Version">The candidate that was turned down.</param>
/// <param name="Gate">The gate's decision.</param>
/// <param name="By">Who decided: a person, <c>gate</c> or <c>timeout</c>.</param>
/// <param name="Reason">Why.</param>
public sealed record RejectVersionInput(string Model, int Version, GateDecision Gate, string By, string Reason);

/// <summary>Records that a candidate was turned down, and writes its card. The version stays, for people to look into.</summary>
/// <remarks>Idempotency key: the decision's path, which is written once.</remarks>
public sealed class RejectVersion(ModelRegistry registry, ModelCard card, TimeProvider time)
{
    [Function(nameof(RejectVersion))]
    public async Task Run([ActivityTrigger] RejectVersionInput input, CancellationToken cancellationToken)
    {
        var decision = new ModelDecision(DecisionOutcome.Rejected, input.Gate, input.By, input.Reason, time.GetUtcNow());
        await registry.TryWriteAsync(input.Model, input.Version, ModelRegistry.DecisionFile, decision, cancellationToken);
        await card.WriteAsync(input.Model, input.Version, cancellationToken);
    }
}
