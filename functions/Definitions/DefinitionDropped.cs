using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Datasets;
using Serverless.Platform.Storage;

namespace Serverless.Functions.Definitions;

/// <summary>A model's definition was dropped or changed: <c>definitions/{model}.yaml</c>.</summary>
public sealed class DefinitionDropped(DropIntake intake)
{
    [Function(nameof(DefinitionDropped))]
    public Task Run(
        [BlobTrigger(Containers.Definitions + "/{name}")] BlobClient blob,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        intake.AcceptAsync(client, blob.BlobContainerName, name, cancellationToken);
}
