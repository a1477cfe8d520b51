using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Deployment;

namespace Serverless.Orchestrations.Evaluation;

/// <param name="Model">The model.</param>
/// <param name="Compared">Whether the definition's gate compares with a champion at all.</param>
public sealed record FindChampionInput(string Model, bool Compared);

/// <param name="Version">The version that serves; null when none does, or none is compared with.</param>
/// <param name="Revision">The deployment's revision, 0 before the first; null when none is compared with.</param>
public sealed record FoundChampion(int? Version, int? Revision);

/// <summary>Finds the version that the candidate has to stand beside.</summary>
/// <remarks>Reads only; its result is in the run's history, so that a run compares with one champion throughout.</remarks>
public sealed class FindChampion(ModelRegistry registry)
{
    [Function(nameof(FindChampion))]
    public async Task<FoundChampion> Run([ActivityTrigger] FindChampionInput input, CancellationToken cancellationToken)
    {
        if (!input.Compared)
        {
            return new FoundChampion(null, null);
        }

        var deployment = await registry.ReadDeploymentAsync(input.Model, cancellationToken);
        return new FoundChampion(deployment?.Value.Champion, deployment?.Value.Revision ?? 0);
    }
}
