using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Durable;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;
using Serverless.Embedded.FunctionsWorker.Invocations;
using Serverless.Embedded.FunctionsWorker.Queues;

namespace Serverless.Embedded.FunctionsWorker.Outputs;

/// <summary>
/// Writes a function's outputs after it succeeded and before what triggered it is put away, so that a crash in between repeats the function and loses nothing.
/// </summary>
internal sealed class OutputWriter(StorageAccounts accounts, HostSettings settings, WorkerSerializer serializer, QueueSignals signals, TimeProvider time)
{
    /// <summary>Writes all outputs at once; those that hold null are left out.</summary>
    /// <exception cref="FunctionWorkerException">One could not be written; the others may have been.</exception>
    public Task WriteAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var bindings = invocation.Function.Outputs.Bindings;
        return bindings.Count switch
        {
            0 => Task.CompletedTask,
            1 => WriteAsync(bindings[0], invocation, cancellationToken),
            _ => Task.WhenAll(bindings.Select(binding => WriteAsync(binding, invocation, cancellationToken))),
        };
    }

    private async Task WriteAsync(OutputBinding binding, Invocation invocation, CancellationToken cancellationToken)
    {
        if (binding is HttpOutput || FunctionOutputs.ValueOf(binding, invocation) is not { } value)
            return;
        try
        {
            var scope = new TemplateScope(invocation.BindingContext.BindingData, invocation.Function.Name, time.GetUtcNow().UtcDateTime);
            if (binding is BlobOutput blob)
                await WriteBlobAsync(blob, value, scope, cancellationToken);
            else if (binding is QueueOutput queue)
                await SendAsync(queue, value, scope, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new FunctionWorkerException(
                $"The function '{invocation.Function.Name}' succeeded, but its {binding.Type} output '{binding.Name}' could not be written: {StorageFault.Describe(failure)}", failure);
        }
    }

    private async Task WriteBlobAsync(BlobOutput output, object value, TemplateScope scope, CancellationToken cancellationToken)
    {
        if (OutputContent.OfBlob(value, serializer) is not { } content)
            return;
        var (containerName, name) = BlobPath.Split(output.Path.Fill(scope));
        var container = accounts.Get(output.Connection).Blobs.GetBlobContainerClient(containerName);
        var blob = container.GetBlobClient(name);
        try
        {
            await blob.UploadAsync(new BinaryData(content), overwrite: true, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await blob.UploadAsync(new BinaryData(content), overwrite: true, cancellationToken);
        }
    }

    private async Task SendAsync(QueueOutput output, object value, TemplateScope scope, CancellationToken cancellationToken)
    {
        var name = output.Queue.Fill(scope).ToLowerInvariant();
        if (!StorageNames.IsQueue(name))
            throw new FormatException($"'{name}' is not a queue's name; expected {StorageNames.Rule}.");
        var queue = accounts.Get(output.Connection).Queues.GetQueueClient(name);
        foreach (var body in OutputContent.OfMessages(value, serializer))
            await SendAsync(queue, body, cancellationToken);
        signals.Wake(queue.Uri);
    }

    private async Task SendAsync(QueueClient queue, byte[] body, CancellationToken cancellationToken)
    {
        var message = settings.Queues.Base64 ? BinaryData.FromString(Convert.ToBase64String(body)) : new BinaryData(body);
        try
        {
            await queue.SendMessageAsync(message, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await queue.SendMessageAsync(message, cancellationToken: cancellationToken);
        }
    }
}
