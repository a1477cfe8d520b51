using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Deployment;

namespace Serverless.Orchestrations.Evaluation;

/// <param name="Model">The model.</param>
/// <param name="Compared">Whether the definition's gate has a rule for the champion.</param>
public sealed record FindChampionInput(string Model, bool Compared);

/// <param name="Version">The version that serves; null when none does, or the gate has no rule for it.</param>
/// <param name="Revision">The deployment's revision, 0 before the first; null when the gate has no rule for the champion.</param>
/// <param name="Ungated">The version that serves where the gate has no rule for it; null otherwise, and of runs of older releases, which do not compare with it.</param>
public sealed record FoundChampion(
    int? Version, int? Revision, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Ungated = null);

/// <summary>Finds the version that the candidate has to stand beside.</summary>
/// <remarks>Reads only; its result is in the run's history, so that a run compares with one champion throughout.</remarks>
public sealed class FindChampion(ModelRegistry registry)
{
    [Function(nameof(FindChampion))]
    public async Task<FoundChampion> Run([ActivityTrigger] FindChampionInput input, CancellationToken cancellationToken)
    {
        var deployment = await registry.ReadDeploymentAsync(input.Model, cancellationToken);
        if (!input.Compared)
        {
            return new FoundChampion(null, null, deployment?.Value.Champion);
        }

        return new FoundChampion(deployment?.Value.Champion, deployment?.Value.Revision ?? 0);
    }
}
