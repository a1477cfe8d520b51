using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Scoring;
using Serverless.Platform.Storage;

namespace Serverless.Orchestrations.Scoring;

/// <param name="Run">The scoring run.</param>
/// <param name="Model">The model.</param>
/// <param name="File">The dropped file.</param>
/// <param name="MayWait">Whether the run can wait for a model that is known but not deployed yet.</param>
public sealed record PlanScoringInput(string Run, string Model, DroppedFile File, bool MayWait);

/// <param name="Outcome">What came of it; refused files are in quarantine by now.</param>
/// <param name="Rows">Rows in the file, when planned.</param>
/// <param name="Chunks">Chunks they were cut into, when planned.</param>
/// <param name="Version">The version that scores, when planned.</param>
/// <param name="Report">The refusal's path, when refused.</param>
/// <param name="Reasons">Why it was refused; else empty.</param>
public sealed record PlannedScoring(PlanningOutcome Outcome, long Rows, int Chunks, int? Version, string? Report, IReadOnlyList<string> Reasons);

/// <summary>Reads the file once, checks what concerns all of it, fixes the version that scores, and cuts the file into chunks.</summary>
/// <remarks>Idempotency key: the run, whose plan is kept once it is written.</remarks>
public sealed class PlanScoring(ScoringPlanner planner, ScoringQuarantine quarantine)
{
    private const int MostReasons = 20;

    [Function(nameof(PlanScoring))]
    public async Task<PlannedScoring> Run([ActivityTrigger] PlanScoringInput input, CancellationToken cancellationToken)
    {
        var planned = await planner.PlanAsync(input.Run, input.Model, input.File, cancellationToken);
        if (planned is { Outcome: PlanningOutcome.AwaitsDeployment } && !input.MayWait)
        {
            planned = new PlanningResult(PlanningOutcome.Refused, null, [new Refusal(
                $"No version of '{input.Model}' serves; expected a deployed model.",
                $"GET /models/{input.Model} says what its versions lack. Drop the file again once one is deployed.")]);
        }

        if (planned.Outcome != PlanningOutcome.Refused)
        {
            return new PlannedScoring(planned.Outcome, planned.Plan?.Rows ?? 0, planned.Plan?.Chunks.Count ?? 0, planned.Plan?.Version, null, []);
        }

        var report = await quarantine.RefuseAsync(input.File, input.Run, planned.Refusals, cancellationToken);
        return new PlannedScoring(
            PlanningOutcome.Refused, 0, 0, null, report, [.. planned.Refusals.Take(MostReasons).Select(r => $"{r.Reason} {r.Remedy}")]);
    }
}
