using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Scoring;
using Serverless.Platform.Storage;

namespace Serverless.Functions.Scoring;

/// <summary>A chunk of a file waits to be scored.</summary>
public sealed class ScoreChunk(ChunkIntake intake)
{
    [Function(nameof(ScoreChunk))]
    public Task Run(
        [QueueTrigger(Containers.ScoringChunksQueue)] string message,
        FunctionContext context,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        intake.ScoreAsync(client, message, context.BindingContext.BindingData["Id"]?.ToString() ?? context.InvocationId, cancellationToken);
}
