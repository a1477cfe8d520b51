using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Blobs;

/// <summary>Runs blob-triggered functions for the messages of the blob trigger's queue, which keeps count of the tries through crashes and restarts.</summary>
internal sealed partial class BlobTriggerQueue(
    IEnumerable<(DeclaredFunction Function, BlobTriggerSpec Trigger)> functions, StorageAccounts accounts, FunctionInvoker invoker, ILogger logger)
{
    private readonly Dictionary<string, (DeclaredFunction Function, BlobTriggerSpec Trigger)> _functions =
        functions.ToDictionary(entry => entry.Function.Id, StringComparer.Ordinal);

    public static string NameFor(string hostId) => $"azure-webjobs-blobtrigger-{hostId}";

    public const string PoisonName = "webjobs-blobtrigger-poison";

    /// <summary>Runs the function for the message's blob; a blob that has changed or gone since is passed over, for its new version has a message of its own.</summary>
    public async Task ProcessAsync(QueueMessage queueMessage, CancellationToken cancellationToken)
    {
        var message = BlobTriggerMessage.Read(queueMessage.Body);
        if (!_functions.TryGetValue(message.FunctionId, out var entry) || entry.Trigger.Pattern.Match(message.BlobName) is not { } path)
        {
            LogNoFunction(message.ContainerName, message.BlobName, message.FunctionId);
            return;
        }

        var blob = accounts.Get(entry.Trigger.Connection).Blobs.GetBlobContainerClient(message.ContainerName).GetBlobClient(message.BlobName);
        BlobProperties properties;
        try
        {
            properties = await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            LogPassedOver(message.ContainerName, message.BlobName, "it was deleted");
            return;
        }

        if (properties.ETag.ToString().Trim('"') != message.ETag.Trim('"'))
        {
            LogPassedOver(message.ContainerName, message.BlobName, "it was replaced");
            return;
        }

        var payload = new TriggerPayload(blob, $"New blob detected: {message.ContainerName}/{message.BlobName}")
        {
            Data = BlobBindings.DataOf(blob, properties, path),
        };
        await invoker.InvokeAsync(entry.Function, payload, cancellationToken);
    }

    [LoggerMessage(40, LogLevel.Warning, "Blob {Container}/{Blob} is passed over: the function {FunctionId}, which it was found for, does not run in this app")]
    private partial void LogNoFunction(string container, string blob, string functionId);

    [LoggerMessage(41, LogLevel.Information, "Blob {Container}/{Blob} is passed over: {Reason} since it was found")]
    private partial void LogPassedOver(string container, string blob, string reason);
}
