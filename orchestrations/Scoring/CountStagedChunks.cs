using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Scoring;
using Serverless.Platform.Storage;

namespace Serverless.Orchestrations.Scoring;

/// <summary>The input of the activities that need to know their run and nothing more.</summary>
public sealed record RunInput(string Run);

/// <param name="Staged">Chunks staged so far.</param>
/// <param name="Superseded">Whether the file changed since it was planned.</param>
/// <param name="QueueIsEmpty">Whether no message waits in the scoring queue; those being worked on may still be counted.</param>
public sealed record StagedChunks(int Staged, bool Superseded, bool QueueIsEmpty);

/// <summary>Looks how far the workers are.</summary>
/// <remarks>Reads only.</remarks>
public sealed class CountStagedChunks(ScoringWork work, PlatformStorage storage)
{
    [Function(nameof(CountStagedChunks))]
    public async Task<StagedChunks> Run([ActivityTrigger] RunInput input, CancellationToken cancellationToken)
    {
        var plan = await work.ReadPlanAsync(input.Run, cancellationToken) ?? throw Lost.Plan(input.Run);
        var staged = await work.FindStagedAsync(plan, cancellationToken);
        var queue = await storage.Queue(Containers.ScoringChunksQueue).PeekMessagesAsync(1, cancellationToken);
        return new StagedChunks(staged.Count(s => s), !await work.IsCurrentAsync(plan.File, cancellationToken), queue.Value.Length == 0);
    }
}
