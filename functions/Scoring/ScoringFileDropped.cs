using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Datasets;
using Serverless.Platform.Storage;

namespace Serverless.Functions.Scoring;

/// <summary>A file to score was dropped or changed: <c>scoring-input/{model}/…</c>.</summary>
public sealed class ScoringFileDropped(DropIntake intake)
{
    [Function(nameof(ScoringFileDropped))]
    public Task Run(
        [BlobTrigger(Containers.ScoringInput + "/{name}")] BlobClient blob,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        intake.AcceptAsync(client, blob.BlobContainerName, name, cancellationToken);
}
