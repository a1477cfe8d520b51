using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Blobs;

/// <summary>
/// Tells functions of new versions of a container's blobs, by a message on the blob trigger's queue. The receipt is taken before and completed after: of two replicas that see
/// the same version one sends, and a crash between the two repeats a blob, and loses none. Receipts of versions that are gone are removed.
/// </summary>
/// <param name="container">The container's name.</param>
/// <param name="functions">The functions that look at it.</param>
/// <param name="receipts">Of this app.</param>
/// <param name="queue">The blob trigger's own.</param>
/// <param name="wake">Makes that queue's listener look at once.</param>
/// <param name="logger">Where faults go.</param>
internal sealed partial class BlobNotifier(
    string container, IReadOnlyList<(DeclaredFunction Function, BlobPattern Pattern)> functions, BlobReceipts receipts, QueueClient queue, Action wake, ILogger logger)
{
    /// <summary>How many receipts are removed at a time, so that tidying holds up no new blob for long.</summary>
    private const int RemovedAtATime = 50;

    /// <summary>The receipts found at the start, and whether each was complete, until the first whole look has used them.</summary>
    private Dictionary<string, IReadOnlyDictionary<string, bool>>? _atStart;
    private readonly Queue<string> _obsolete = new();

    /// <summary>The receipts of what was sent and could not be completed yet.</summary>
    private readonly ConcurrentDictionary<string, ETag> _sent = new(StringComparer.Ordinal);

    public async Task RecallAsync(CancellationToken cancellationToken)
    {
        if (_atStart is not null)
            return;
        var found = new Dictionary<string, IReadOnlyDictionary<string, bool>>(StringComparer.Ordinal);
        foreach (var (function, _) in functions)
            found[function.Id] = await receipts.ListAsync(function.Id, cancellationToken);
        _atStart = found;
    }

    /// <summary>Gives how many functions were told of the version, or null when one could not be, or is another replica's to tell, so that it is tried again.</summary>
    public async Task<int?> NotifyAsync(BlobItem blob, string etag, CancellationToken stopping)
    {
        var (told, isLeft) = (0, false);
        try
        {
            foreach (var (function, pattern) in functions)
            {
                if (pattern.Match(blob.Name) is null)
                    continue;
                var receipt = receipts.NameOf(function.Id, container, blob.Name, etag);
                if (_atStart is not null && _atStart.TryGetValue(function.Id, out var written) && written.GetValueOrDefault(receipt))
                    continue;
                var message = new BlobTriggerMessage(function.Id, blob.Properties.BlobType?.ToString() ?? "Block", container, blob.Name, $"\"{etag}\"");
                switch (await TellAsync(receipt, message, stopping))
                {
                    case ReceiptHolder.Own:
                        told++;
                        break;
                    case ReceiptHolder.Other:
                        isLeft = true;
                        break;
                }
            }

            return isLeft ? null : told;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogNotNotified(fault, container, blob.Name);
            return null;
        }
    }

    /// <summary>A version was replaced or deleted: nobody asks for its receipts any more.</summary>
    public void Forget(string blob, string etag)
    {
        foreach (var (function, pattern) in functions)
        {
            if (pattern.Match(blob) is not null)
                _obsolete.Enqueue(receipts.NameOf(function.Id, container, blob, etag));
        }
    }

    /// <summary>After a whole look: the receipts of the start have served, and those of versions that went while the app was down are obsolete.</summary>
    /// <param name="present">The version of each blob that is there.</param>
    /// <param name="prefix">Where the look began: of blobs elsewhere it says nothing.</param>
    public void EndRecall(Func<string, string?> present, string prefix)
    {
        foreach (var (functionId, names) in _atStart ?? [])
        {
            foreach (var name in names.Keys)
            {
                if (receipts.Read(functionId, container, name) is { } version && version.Blob.StartsWith(prefix, StringComparison.Ordinal) && present(version.Blob) != version.ETag)
                    _obsolete.Enqueue(name);
            }
        }

        _atStart = [];
    }

    /// <summary>Removes some of the obsolete receipts.</summary>
    public async Task TidyAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var removed = 0; removed < RemovedAtATime && _obsolete.TryPeek(out var name); removed++)
            {
                await receipts.DeleteAsync(name, cancellationToken);
                _obsolete.Dequeue();
            }
        }
        catch (RequestFailedException fault)
        {
            LogNotTidied(fault, container, _obsolete.Count);
        }
    }

    private async Task<ReceiptHolder> TellAsync(string receipt, BlobTriggerMessage message, CancellationToken stopping)
    {
        var holder = ReceiptHolder.None;
        if (!_sent.TryGetValue(receipt, out var claimed))
        {
            (holder, claimed) = await receipts.ClaimAsync(receipt, stopping);
            if (holder != ReceiptHolder.Own)
                return holder;
            // From here to the end whatever happens: what is cut off half-way is sent again.
            await SendAsync(message.Encoded(), CancellationToken.None);
            _sent[receipt] = claimed;
            // The function may start while the receipt is completed.
            wake();
        }

        if (!await receipts.TryCompleteAsync(receipt, claimed, CancellationToken.None))
            LogTakenOver(message.ContainerName, message.BlobName);
        _sent.TryRemove(receipt, out _);
        return holder;
    }

    private async Task SendAsync(string message, CancellationToken cancellationToken)
    {
        try
        {
            await queue.SendMessageAsync(message, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await queue.SendMessageAsync(message, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: cancellationToken);
        }
    }

    [LoggerMessage(32, LogLevel.Error, "Blob {Container}/{Blob} was found, but its function could not be told; trying again at the next look")]
    private partial void LogNotNotified(Exception exception, string container, string blob);

    [LoggerMessage(34, LogLevel.Debug, "Container {Container}: {Count} receipts of versions that are gone could not be removed yet")]
    private partial void LogNotTidied(Exception exception, string container, int count);

    [LoggerMessage(35, LogLevel.Debug, "Blob {Container}/{Blob}: its receipt was taken over or removed while the function was told")]
    private partial void LogTakenOver(string container, string blob);
}
