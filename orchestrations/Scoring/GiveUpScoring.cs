using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Scoring;
using Serverless.Platform.Storage;

namespace Serverless.Orchestrations.Scoring;

/// <summary>Answers for a file whose chunks never came back, however often they were sent.</summary>
/// <remarks>Idempotency key: the report's path.</remarks>
public sealed class GiveUpScoring(ScoringWork work, ScoringQuarantine quarantine)
{
    [Function(nameof(GiveUpScoring))]
    public async Task<ScoreResult> Run([ActivityTrigger] RunInput input, CancellationToken cancellationToken)
    {
        var plan = await work.ReadPlanAsync(input.Run, cancellationToken) ?? throw Lost.Plan(input.Run);
        var staged = await work.FindStagedAsync(plan, cancellationToken);
        var missing = plan.Chunks.Where(c => !staged[c.Index]).ToList();
        var first = missing.Count > 0 ? $", the first from row {missing[0].Start.Row}" : "";
        var refusal = new Refusal(
            $"{missing.Count} of {plan.Chunks.Count} chunks were never scored{first}; nothing was published.",
            $"See the queue {Containers.ScoringChunksQueue}-poison and the log of ScoreChunk for the cause, then drop the file again.");
        var report = await quarantine.RefuseAsync(plan.File, plan.Run, [refusal], cancellationToken);
        return new ScoreResult(ScoreResult.RefusedOutcome, plan.Rows, 0, 0, plan.Version, null, report, [refusal.Reason]);
    }
}
