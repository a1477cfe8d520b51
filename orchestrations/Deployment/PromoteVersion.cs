using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Deployment;
using Serverless.Platform.Evaluation;

namespace Serverless.Orchestrations.Deployment;

/// <param name="Run">The deployment run.</param>
/// <param name="Model">The model.</param>
/// <param name="Version">The version that is to serve.</param>
/// <param name="Gate">The gate's decision.</param>
/// <param name="By">Who decided.</param>
/// <param name="Reason">Why.</param>
/// <param name="JudgedAgainst">The deployment's revision when the version was compared with its champion; null where the gate has no rule for it.</param>
public sealed record PromoteVersionInput(string Run, string Model, int Version, GateDecision Gate, string By, string Reason, int? JudgedAgainst);

/// <param name="Deployed">Whether the version serves; false when another was deployed since it was judged.</param>
public sealed record PromotedVersion(bool Deployed);

/// <summary>Makes a version the champion, if it is still the one it was judged against, and writes its card.</summary>
/// <remarks>Idempotency key: the run, which deploys once.</remarks>
public sealed class PromoteVersion(ModelRegistry registry, ModelCard card, TimeProvider time)
{
    [Function(nameof(PromoteVersion))]
    public async Task<PromotedVersion> Run([ActivityTrigger] PromoteVersionInput input, CancellationToken cancellationToken)
    {
        var deployment = await registry.DeployAsync(
            input.Model, input.Version, input.Run, input.By, input.Reason, input.JudgedAgainst, cancellationToken);
        if (deployment is null)
        {
            return new PromotedVersion(false);
        }

        var decision = new ModelDecision(DecisionOutcome.Deployed, input.Gate, input.By, input.Reason, time.GetUtcNow());
        await registry.TryWriteAsync(input.Model, input.Version, ModelRegistry.DecisionFile, decision, cancellationToken);
        await card.WriteAsync(input.Model, input.Version, cancellationToken);
        return new PromotedVersion(true);
    }
}
