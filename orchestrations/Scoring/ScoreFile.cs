using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Serverless.Orchestrations.Datasets;
using Serverless.Orchestrations.Runs;
using Serverless.Platform.Scoring;
using Serverless.Platform.Storage;

namespace Serverless.Orchestrations.Scoring;

/// <param name="Model">The model to score with.</param>
/// <param name="File">The dropped file.</param>
public sealed record ScoreRequest(string Model, DroppedFile File);

/// <summary>What became of a scoring file. Always: rows in = scored + refused.</summary>
/// <param name="Outcome"><c>scored</c>, <c>refused</c> as a whole, or <c>superseded</c> by a later version of the same file.</param>
/// <param name="Rows">Rows in the file.</param>
/// <param name="Scored">Rows with a score.</param>
/// <param name="Refused">Rows without one; each says why in the output.</param>
/// <param name="Version">The model version that scored; null when refused.</param>
/// <param name="Output">The result's path; null when refused.</param>
/// <param name="Report">The refusals' path in quarantine; null when nothing was refused.</param>
/// <param name="Reasons">Why the file was refused; else empty.</param>
public sealed record ScoreResult(
    string Outcome, long Rows, long Scored, long Refused, int? Version, string? Output, string? Report, IReadOnlyList<string> Reasons)
{
    public const string ScoredOutcome = "scored";
    public const string RefusedOutcome = "refused";
    public const string SupersededOutcome = "superseded";
}

/// <summary>Scores a file: splits it into chunks, queues them, sends again what got lost, and publishes the result once all of it is there.</summary>
public static class ScoreFile
{
    /// <summary>Raised by the worker that stages the last chunk, so that the result need not wait for the next look.</summary>
    public const string ChunksStagedEvent = "ChunksStaged";

    /// <summary>How long chunks may go without any of them being staged before the missing ones are sent again.</summary>
    private static readonly TimeSpan ChunkDeadline = TimeSpan.FromSeconds(30);

    /// <summary>The same, while other messages are queued.</summary>
    private static readonly TimeSpan BusyQueueDeadline = TimeSpan.FromMinutes(5);

    /// <summary>How often in a row the missing chunks are sent again with nothing to show for it, before the file is given up.</summary>
    private const int MostFruitlessResends = 20;

    /// <summary>How long a file waits for the first deployment of its model before it is refused.</summary>
    private static readonly TimeSpan LongestWaitForDeployment = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(15);

    [Function(nameof(ScoreFile))]
    public static async Task<ScoreResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var request = context.GetInput<ScoreRequest>() ?? throw new InvalidOperationException($"{nameof(ScoreFile)} needs a {nameof(ScoreRequest)}.");
        try
        {
            return await ScoreAsync(context, request);
        }
        catch (TaskFailedException fault)
        {
            await context.CallActivityAsync(
                nameof(ReportFailure), new ReportFailureInput(request.File, context.InstanceId, fault.FailureDetails.ErrorMessage), Retries.Activity);
            throw;
        }
    }

    private static async Task<ScoreResult> ScoreAsync(TaskOrchestrationContext context, ScoreRequest request)
    {
        var planned = await PlanAsync(context, request);
        if (planned.Outcome != PlanningOutcome.Planned)
        {
            context.SetCustomStatus(new RunStatus(request.Model, RunStage.Finished));
            return planned.Outcome == PlanningOutcome.Refused
                ? new ScoreResult(ScoreResult.RefusedOutcome, 0, 0, 0, null, null, planned.Report, planned.Reasons)
                : Superseded(planned);
        }

        var result = await ScoreChunksAsync(context, request, planned);
        try
        {
            await context.CallActivityAsync(nameof(CleanUpScoring), new RunInput(context.InstanceId), Retries.Activity);
        }
        catch (TaskFailedException leftover)
        {
            // The result stands; what is left behind is some small blobs.
            context.CreateReplaySafeLogger(nameof(ScoreFile)).LogWarning(leftover, "scoring-work/{Run} could not be deleted; it is safe to delete it", context.InstanceId);
        }

        context.SetCustomStatus(new RunStatus(request.Model, RunStage.Finished, new RunProgress(planned.Chunks, planned.Chunks, RunPart.Chunks)));
        return result;
    }

    private static async Task<ScoreResult> ScoreChunksAsync(TaskOrchestrationContext context, ScoreRequest request, PlannedScoring planned)
    {
        while (true)
        {
            switch (await WaitForChunksAsync(context, request, planned))
            {
                case ChunkWait.Superseded:
                    return Superseded(planned);
                case ChunkWait.NeverCame:
                    return await context.CallActivityAsync<ScoreResult>(nameof(GiveUpScoring), new RunInput(context.InstanceId), Retries.Activity);
            }

            context.SetCustomStatus(new RunStatus(request.Model, RunStage.Publishing));
            var published = await context.CallActivityAsync<PublishedScoring>(nameof(PublishScores), new RunInput(context.InstanceId), Retries.Activity);
            switch (published)
            {
                case { Outcome: PublishingOutcome.Published, Result: { } result }:
                    return result;
                case { Outcome: PublishingOutcome.Superseded }:
                    return Superseded(planned);
            }
        }
    }

    private static ScoreResult Superseded(PlannedScoring planned) => new(
        ScoreResult.SupersededOutcome, planned.Rows, 0, 0, planned.Version, null, null, ["The file was changed or deleted; a later version has a run of its own."]);

    /// <summary>Plans the file, waiting for the model's first deployment if it is on its way.</summary>
    private static async Task<PlannedScoring> PlanAsync(TaskOrchestrationContext context, ScoreRequest request)
    {
        context.SetCustomStatus(new RunStatus(request.Model, RunStage.Planning));
        var giveUpAt = context.CurrentUtcDateTime + LongestWaitForDeployment;
        while (true)
        {
            var planned = await context.CallActivityAsync<PlannedScoring>(
                nameof(PlanScoring),
                new PlanScoringInput(context.InstanceId, request.Model, request.File, MayWait: context.CurrentUtcDateTime < giveUpAt),
                Retries.Activity);
            if (planned.Outcome != PlanningOutcome.AwaitsDeployment)
            {
                return planned;
            }

            context.SetCustomStatus(new RunStatus(request.Model, RunStage.AwaitingDeployment));
            await context.CreateTimer(LongestLook, CancellationToken.None);
        }
    }

    /// <summary>Sends the chunks and waits until all are staged.</summary>
    private static async Task<ChunkWait> WaitForChunksAsync(TaskOrchestrationContext context, ScoreRequest request, PlannedScoring planned)
    {
        context.SetCustomStatus(new RunStatus(request.Model, RunStage.Scoring, new RunProgress(0, planned.Chunks, RunPart.Chunks)));
        await context.CallActivityAsync(nameof(SendChunks), new RunInput(context.InstanceId), Retries.Activity);
        var lastProgress = context.CurrentUtcDateTime;
        var staged = 0;
        var fruitless = 0;
        var look = FirstLook;
        while (true)
        {
            await WaitForNewsAsync(context, look);
            look = look * 2 < LongestLook ? look * 2 : LongestLook;
            var now = await context.CallActivityAsync<StagedChunks>(nameof(CountStagedChunks), new RunInput(context.InstanceId), Retries.Activity);
            if (now.Superseded)
            {
                return ChunkWait.Superseded;
            }

            if (now.Staged == planned.Chunks)
            {
                return ChunkWait.AllStaged;
            }

            if (now.Staged > staged)
            {
                staged = now.Staged;
                fruitless = 0;
                lastProgress = context.CurrentUtcDateTime;
                context.SetCustomStatus(new RunStatus(request.Model, RunStage.Scoring, new RunProgress(staged, planned.Chunks, RunPart.Chunks)));
            }
            else if (context.CurrentUtcDateTime - lastProgress >= (now.QueueIsEmpty ? ChunkDeadline : BusyQueueDeadline))
            {
                // With messages still queued, ours may just be behind others; only an empty queue says that they are lost.
                if (now.QueueIsEmpty && ++fruitless > MostFruitlessResends)
                {
                    return ChunkWait.NeverCame;
                }

                await context.CallActivityAsync(nameof(SendChunks), new RunInput(context.InstanceId), Retries.Activity);
                lastProgress = context.CurrentUtcDateTime;
            }
        }
    }

    private static async Task WaitForNewsAsync(TaskOrchestrationContext context, TimeSpan atMost)
    {
        using var cancel = new CancellationTokenSource();
        var staged = context.WaitForExternalEvent<string>(ChunksStagedEvent, cancel.Token);
        var timer = context.CreateTimer(atMost, cancel.Token);
        await Task.WhenAny(staged, timer);
        cancel.Cancel(); // not CancelAsync: it leaves the orchestration's thread
    }

    private enum ChunkWait
    {
        AllStaged,
        Superseded,
        NeverCame,
    }
}
