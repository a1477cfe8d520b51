using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Serverless.Platform;
using Serverless.Platform.Scoring;
using Serverless.Platform.Storage;

namespace Serverless.Orchestrations.Scoring;

/// <summary>Puts a message into the scoring queue for each chunk that is not staged yet.</summary>
/// <remarks>Not idempotent and needs not be: a chunk that is scored twice is staged twice under one block id.</remarks>
public sealed class SendChunks(ScoringWork work, PlatformStorage storage)
{
    private const int Senders = 8;

    [Function(nameof(SendChunks))]
    public async Task Run([ActivityTrigger] RunInput input, CancellationToken cancellationToken)
    {
        var plan = await work.ReadPlanAsync(input.Run, cancellationToken) ?? throw Lost.Plan(input.Run);
        var staged = await work.FindStagedAsync(plan, cancellationToken);
        var queue = storage.Queue(Containers.ScoringChunksQueue);
        await Parallel.ForEachAsync(
            plan.Chunks.Where(chunk => !staged[chunk.Index]),
            new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = cancellationToken },
            async (chunk, token) =>
                await queue.SendMessageAsync(JsonSerializer.Serialize(new ChunkMessage(plan.Run, chunk.Index), Json.Compact), token));
    }
}
