using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker.Blobs;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;
using Serverless.Embedded.FunctionsWorker.Invocations;
using Serverless.Embedded.FunctionsWorker.Queues;
using Serverless.Embedded.FunctionsWorker.Timers;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>Runs functions that no request triggers now, once, on an operator's word; what comes of it is in the log.</summary>
internal sealed partial class ManualRuns(
    FunctionInvoker invoker, StorageAccounts accounts, TimerStatuses timers, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ManualRuns> logger)
{
    private const string Reason = "This function was programmatically called via the host APIs.";

    /// <param name="function">What to run.</param>
    /// <param name="input">For a queue's function the message, for a blob's <c>container/name</c>; a timer's needs none.</param>
    /// <returns>Why it is not run; null when it is.</returns>
    public string? Start(DeclaredFunction function, string input)
    {
        switch (function.Trigger)
        {
            case TimerTriggerSpec timer:
                Run(function, async cancellationToken => new TriggerPayload(await timers.ReadAsync(function.Id, timer, cancellationToken), Reason));
                return null;
            case QueueTriggerSpec queue:
                Run(function, _ => Task.FromResult(MessageOf(queue, input)));
                return null;
            case BlobTriggerSpec blob when input.Split('/', 2) is [var container, { Length: > 0 } name] && container == blob.Pattern.Container && blob.Pattern.Match(name) is { } path:
                Run(function, cancellationToken => BlobOfAsync(blob, name, path, cancellationToken));
                return null;
            case BlobTriggerSpec blob:
                return $"The input '{input}' names no blob of the function '{function.Name}'; expected container/name, matching {blob.Pattern.Container}/….";
            case HttpTriggerSpec http:
                return $"The function '{function.Name}' answers requests; send one to /{http.Route}.";
            default:
                return $"The function '{function.Name}' is run by orchestrations; start one by the durable client.";
        }
    }

    private TriggerPayload MessageOf(QueueTriggerSpec trigger, string input)
    {
        var message = QueuesModelFactory.QueueMessage(
            Guid.NewGuid().ToString(), Guid.NewGuid().ToString(), BinaryData.FromString(input), 1, null, time.GetUtcNow(), time.GetUtcNow() + TimeSpan.FromDays(7));
        return new TriggerPayload(message, Reason) { Data = QueueBindings.DataOf(message, message.Body, trigger.MessageType) };
    }

    private async Task<TriggerPayload> BlobOfAsync(BlobTriggerSpec trigger, string name, IReadOnlyDictionary<string, string> path, CancellationToken cancellationToken)
    {
        var blob = accounts.Get(trigger.Connection).Blobs.GetBlobContainerClient(trigger.Pattern.Container).GetBlobClient(name);
        var properties = await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
        return new TriggerPayload(blob, Reason) { Data = BlobBindings.DataOf(blob, properties, path) };
    }

    private void Run(DeclaredFunction function, Func<CancellationToken, Task<TriggerPayload>> payload)
    {
        var stopping = lifetime.ApplicationStopping;
        _ = Task.Run(
            async () =>
            {
                try
                {
                    await invoker.InvokeAsync(function, await payload(stopping), stopping);
                }
                catch (Exception failure)
                {
                    LogFailed(function.Name, failure.GetType().Name, failure.Message);
                }
            },
            CancellationToken.None);
    }

    [LoggerMessage(64, LogLevel.Error, "The run of '{Function}' that was asked for by hand failed: {Failure}: {Message}")]
    private partial void LogFailed(string function, string failure, string message);
}
