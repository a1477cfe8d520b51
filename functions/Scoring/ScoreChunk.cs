using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Scoring;
using Serverless.Platform.Storage;

namespace Serverless.Functions.Scoring;

/// <summary>A chunk of a file waits to be scored.</summary>
public sealed class ScoreChunk(ChunkIntake intake)
{
    // The message itself, not its text: of a text that is JSON, the Functions host makes binding data, which could then pass for the message's id.
    [Function(nameof(ScoreChunk))]
    public Task Run(
        [QueueTrigger(Containers.ScoringChunksQueue)] QueueMessage message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        intake.ScoreAsync(client, message.Body.ToString(), message.MessageId, cancellationToken);
}
