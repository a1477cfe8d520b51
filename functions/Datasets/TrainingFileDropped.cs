using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Datasets;
using Serverless.Platform.Storage;

namespace Serverless.Functions.Datasets;

/// <summary>A file to learn from was dropped or changed: <c>training-data/{model}/…</c>.</summary>
public sealed class TrainingFileDropped(DropIntake intake)
{
    [Function(nameof(TrainingFileDropped))]
    public Task Run(
        [BlobTrigger(Containers.TrainingData + "/{name}")] BlobClient blob,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        intake.AcceptAsync(client, blob.BlobContainerName, name, cancellationToken);
}
