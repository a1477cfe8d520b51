using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.FunctionsWorker.Queues;

/// <summary>
/// The hold on one received message. It is renewed well before it ends for as long as the message is in hand; after a crash it ends by itself, and another worker gets the message.
/// </summary>
internal sealed partial class QueueLease : IAsyncDisposable
{
    private readonly QueueClient _queue;
    private readonly string _messageId;
    private readonly TimeSpan _length;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _renewing;
    private string _popReceipt;

    public QueueLease(QueueClient queue, QueueMessage message, TimeSpan length, TimeProvider time, ILogger logger)
    {
        _queue = queue;
        _messageId = message.MessageId;
        _popReceipt = message.PopReceipt;
        _length = length;
        _time = time;
        _logger = logger;
        _renewing = RenewAsync();
    }

    /// <summary>Ends the renewal and removes the message.</summary>
    public Task DeleteAsync(CancellationToken cancellationToken) =>
        EndAsync(() => _queue.DeleteMessageAsync(_messageId, _popReceipt, cancellationToken));

    /// <summary>Ends the renewal and lets the message be seen again after the delay.</summary>
    public Task ReleaseAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        EndAsync(() => _queue.UpdateMessageAsync(_messageId, _popReceipt, visibilityTimeout: delay, cancellationToken: cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _renewing;
        _end.Dispose();
    }

    private async Task EndAsync(Func<Task> act)
    {
        await _end.CancelAsync();
        await _renewing;
        try
        {
            await act();
        }
        catch (RequestFailedException gone) when (IsNoLongerOurs(gone))
        {
            LogTakenOver(_queue.Name, _messageId);
        }
    }

    private async Task RenewAsync()
    {
        while (true)
        {
            try
            {
                await Task.Delay(_length / 3, _time, _end.Token);
                var renewed = await _queue.UpdateMessageAsync(_messageId, _popReceipt, visibilityTimeout: _length, cancellationToken: CancellationToken.None);
                _popReceipt = renewed.Value.PopReceipt;
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (RequestFailedException gone) when (IsNoLongerOurs(gone))
            {
                LogTakenOver(_queue.Name, _messageId);
                return;
            }
            catch (Exception fault)
            {
                // Two further attempts fit into what is left of the hold.
                LogNotRenewed(fault, _queue.Name, _messageId);
            }
        }
    }

    private static bool IsNoLongerOurs(RequestFailedException failure) =>
        failure.Status == 404 || failure.ErrorCode == QueueErrorCode.PopReceiptMismatch;

    [LoggerMessage(10, LogLevel.Warning, "Queue {Queue}: message {MessageId} is gone or was taken over by another worker; it is left to that worker")]
    private partial void LogTakenOver(string queue, string messageId);

    [LoggerMessage(11, LogLevel.Warning, "Queue {Queue}: the hold on message {MessageId} could not be renewed; trying again")]
    private partial void LogNotRenewed(Exception exception, string queue, string messageId);
}
