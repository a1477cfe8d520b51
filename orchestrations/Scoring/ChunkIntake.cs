using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Platform;
using Serverless.Platform.Scoring;
using Serverless.Platform.Storage;

namespace Serverless.Orchestrations.Scoring;

/// <summary>What a worker does with a message of the scoring queue.</summary>
public sealed partial class ChunkIntake(ScoringWork work, ChunkScorer scorer, Quarantine quarantine, ILogger<ChunkIntake> logger)
{
    /// <summary>
    /// Up to this many chunks, the worker that stages the last one tells the run at once. Beyond, looking through all blocks after each chunk would
    /// cost more than the run's own looks do.
    /// </summary>
    private const int MostChunksLookedThrough = 200;

    /// <summary>Scores the chunk that a message asks for.</summary>
    /// <remarks>Idempotent: see <see cref="ChunkScorer.ScoreAsync"/>.</remarks>
    public async Task ScoreAsync(DurableTaskClient client, string message, string messageId, CancellationToken cancellationToken)
    {
        if (Read(message) is not { } asked)
        {
            await quarantine.RefuseMessageAsync(
                Containers.ScoringChunksQueue,
                messageId,
                message,
                new Refusal(
                    "The message is not a chunk to score; expected {\"run\": \"…\", \"chunk\": 0}, as the platform sends it.",
                    "Send messages of other kinds to a queue of their own. To have a file scored, drop it into scoring-input."),
                cancellationToken);
            return;
        }

        var plan = await work.ReadPlanAsync(asked.Run, cancellationToken);
        if (plan is null || asked.Chunk >= plan.Chunks.Count)
        {
            LogStale(asked.Run, asked.Chunk);
            return;
        }

        // A chunk that was sent again while it only waited its turn is not scored again.
        if (!await IsStagedAsync(plan, asked.Chunk, cancellationToken) && !await scorer.ScoreAsync(plan, asked.Chunk, cancellationToken))
        {
            LogSuperseded(asked.Run, asked.Chunk, plan.File.Path);
            return;
        }

        if (plan.Chunks.Count <= MostChunksLookedThrough && (await work.FindStagedAsync(plan, cancellationToken)).All(staged => staged))
        {
            await TellAsync(client, plan.Run, cancellationToken);
        }
    }

    /// <summary>Tells the run that all is staged. Only a hint: it looks by itself too.</summary>
    private async Task TellAsync(DurableTaskClient client, string run, CancellationToken cancellationToken)
    {
        try
        {
            await client.RaiseEventAsync(run, ScoreFile.ChunksStagedEvent, "", cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // Some backends refuse an event for a run that is over, as one that looked just before is; the chunk is staged all the same.
            LogNotTold(run, fault);
        }
    }

    private async Task<bool> IsStagedAsync(ScoringPlan plan, int chunk, CancellationToken cancellationToken) =>
        plan.Chunks.Count <= MostChunksLookedThrough && (await work.FindStagedAsync(plan, cancellationToken))[chunk];

    private static ChunkMessage? Read(string message)
    {
        try
        {
            return JsonSerializer.Deserialize<ChunkMessage>(message, Json.Compact) is { Run: not null, Chunk: >= 0 } asked
                && RunId().IsMatch(asked.Run) ? asked : null;
        }
        catch (JsonException)
        {
            // Not ours; the caller answers for it.
            return null;
        }
    }

    [GeneratedRegex("^[a-z0-9-]{1,100}$", RegexOptions.CultureInvariant)]
    private static partial Regex RunId();

    [LoggerMessage(Level = LogLevel.Information, Message = "Chunk {Chunk} of run {Run} came after the run was finished; let go")]
    private partial void LogStale(string run, int chunk);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {Run} could not be told that all its chunks are staged; it looks by itself")]
    private partial void LogNotTold(string run, Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "Chunk {Chunk} of run {Run} is of a version of {File} that is no longer there; let go")]
    private partial void LogSuperseded(string run, int chunk, string file);
}
