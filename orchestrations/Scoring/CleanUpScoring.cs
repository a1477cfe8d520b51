using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Scoring;

namespace Serverless.Orchestrations.Scoring;

/// <summary>Deletes a finished run's plan and receipts. A chunk message that comes late finds no plan and is let go.</summary>
/// <remarks>Idempotent: what is gone stays gone.</remarks>
public sealed class CleanUpScoring(ScoringWork work)
{
    [Function(nameof(CleanUpScoring))]
    public Task Run([ActivityTrigger] RunInput input, CancellationToken cancellationToken) => work.DeleteAsync(input.Run, cancellationToken);
}
