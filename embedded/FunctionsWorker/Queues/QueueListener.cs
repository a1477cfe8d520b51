using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Queues;

/// <summary>How one queue is read.</summary>
/// <param name="Queue">Sends and receives bodies as they are.</param>
/// <param name="Poison">Where messages go that cannot be processed; created when first needed.</param>
/// <param name="Settings">Batch size, retries and the rest.</param>
/// <param name="MaxPollingInterval">The longest pause between looks while the queue is empty.</param>
/// <param name="Lease">How long a message in hand stays hidden between renewals.</param>
internal sealed record QueueSource(QueueClient Queue, QueueClient Poison, QueueSettings Settings, TimeSpan MaxPollingInterval, TimeSpan Lease);

/// <summary>
/// Takes messages from one queue and processes them, each at least once. A message that failed is tried again, up to the number of tries allowed,
/// and then moved to the poison queue; so is one that cannot be decoded, at once.
/// </summary>
internal sealed partial class QueueListener(
    QueueSource source, Func<QueueMessage, CancellationToken, Task> process, QueueSignals signals, TimeProvider time, ILogger logger) : Listener
{
    private static readonly TimeSpan LongestPauseAfterFault = TimeSpan.FromSeconds(10);

    private readonly string _name = source.Queue.Name;
    private readonly QueueSettings _settings = source.Settings;
    private int _inHand;
    private TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override string? Work => Volatile.Read(ref _inHand) is > 0 and var messages ? $"messages of queue {_name}: {messages}" : null;

    /// <summary>Cuts the present pause short: there is a message.</summary>
    public void Wake() => Volatile.Read(ref _woken).TrySetResult();

    public override async Task RunAsync(CancellationToken stopping, CancellationToken abandon)
    {
        var delay = new PollingDelay(QueueSettings.MinPollingInterval, source.MaxPollingInterval);
        var faultDelay = new PollingDelay(TimeSpan.FromSeconds(1), LongestPauseAfterFault);
        var inHand = new HashSet<Task>();
        var exists = false;
        var faulted = false;
        while (!stopping.IsCancellationRequested)
        {
            var pause = TimeSpan.Zero;
            // Renewed before the look, so that a call during it is not lost.
            Volatile.Write(ref _woken, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            try
            {
                if (!exists)
                    await source.Queue.CreateIfNotExistsAsync(cancellationToken: stopping);
                exists = true;
                QueueMessage[] batch = await source.Queue.ReceiveMessagesAsync(_settings.BatchSize, source.Lease, stopping);
                if (faulted)
                    LogReachable(_name);
                faulted = false;
                faultDelay.AfterWork();
                Interlocked.Add(ref _inHand, batch.Length);
                foreach (var message in batch)
                    inHand.Add(Task.Run(() => ProcessAsync(message, abandon), CancellationToken.None));
                if (batch.Length == 0)
                    pause = delay.AfterNothing();
                else
                    delay.AfterWork();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault)
            {
                // Whatever the service does, the listener outlives it; the queue may have been deleted, so it is made again.
                exists = false;
                faulted = true;
                pause = faultDelay.AfterNothing();
                LogUnreachable(_name, pause.TotalSeconds, StorageFault.Describe(fault));
                LogFault(fault, _name);
            }

            await PauseAsync(inHand, pause, stopping);
        }

        await Task.WhenAll(inHand);
    }

    private async Task PauseAsync(HashSet<Task> inHand, TimeSpan pause, CancellationToken stopping)
    {
        try
        {
            if (pause > TimeSpan.Zero)
                await Task.WhenAny(Pause.ForAsync(pause, time, stopping), _woken.Task);
            inHand.RemoveWhere(task => task.IsCompleted);
            while (inHand.Count > _settings.NewBatchThreshold)
                inHand.Remove(await Task.WhenAny(inHand).WaitAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogStopping(_name, inHand.Count(task => !task.IsCompleted));
        }
    }

    private async Task ProcessAsync(QueueMessage message, CancellationToken abandon)
    {
        await using var lease = new QueueLease(source.Queue, message, source.Lease, time, logger);
        try
        {
            // A worker that was killed each time never got to move the message away.
            if (message.DequeueCount > _settings.MaxDequeueCount)
            {
                await MoveToPoisonAsync(message, lease, $"it was taken {message.DequeueCount - 1} times and never finished");
                return;
            }

            if (Decoded(message) is not { } decoded)
            {
                await MoveToPoisonAsync(message, lease, "its body is not base64 (extensions.queues.messageEncoding of host.json says what is expected)");
                return;
            }

            if (await SucceedsAsync(decoded, abandon))
                await lease.DeleteAsync(CancellationToken.None);
            else if (abandon.IsCancellationRequested)
                await lease.ReleaseAsync(TimeSpan.Zero, CancellationToken.None);
            else if (message.DequeueCount >= _settings.MaxDequeueCount)
                await MoveToPoisonAsync(message, lease, $"it failed {message.DequeueCount} times");
            else
                await RetryAsync(lease);
        }
        catch (Exception fault)
        {
            // The hold ends by itself, and the message is seen again.
            LogNotSettled(fault, _name, message.MessageId);
        }
        finally
        {
            Interlocked.Decrement(ref _inHand);
        }
    }

    private async Task RetryAsync(QueueLease lease)
    {
        await lease.ReleaseAsync(_settings.VisibilityTimeout, CancellationToken.None);
        if (_settings.VisibilityTimeout == TimeSpan.Zero)
            Wake();
    }

    private async Task<bool> SucceedsAsync(QueueMessage message, CancellationToken abandon)
    {
        try
        {
            await process(message, abandon);
            return true;
        }
        catch (Exception failure)
        {
            // The invocation was logged where it failed; here it counts as one try.
            LogTryFailed(_name, message.MessageId, message.DequeueCount, _settings.MaxDequeueCount, failure.GetType().Name);
            return false;
        }
    }

    private async Task MoveToPoisonAsync(QueueMessage message, QueueLease lease, string reason)
    {
        LogPoison(_name, message.MessageId, source.Poison.Name, reason);
        try
        {
            await source.Poison.SendMessageAsync(message.Body, timeToLive: TimeSpan.FromSeconds(-1));
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await source.Poison.CreateIfNotExistsAsync();
            await source.Poison.SendMessageAsync(message.Body, timeToLive: TimeSpan.FromSeconds(-1));
        }

        signals.Wake(source.Poison.Uri);
        await lease.DeleteAsync(CancellationToken.None);
    }

    /// <summary>The message with its body decoded; null when it cannot be.</summary>
    private QueueMessage? Decoded(QueueMessage message)
    {
        if (!_settings.Base64)
            return message;
        var text = message.Body.ToString();
        var bytes = new byte[(text.Length * 3 / 4) + 3];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? QueuesModelFactory.QueueMessage(
                message.MessageId, message.PopReceipt, new BinaryData(bytes.AsMemory(0, length)),
                message.DequeueCount, message.NextVisibleOn, message.InsertedOn, message.ExpiresOn)
            : null;
    }

    [LoggerMessage(20, LogLevel.Warning, "Queue {Queue} cannot be read; looking again in {Seconds:0.0} s ({Fault})")]
    private partial void LogUnreachable(string queue, double seconds, string fault);

    [LoggerMessage(26, LogLevel.Debug, "Queue {Queue}: the fault in full")]
    private partial void LogFault(Exception exception, string queue);

    [LoggerMessage(21, LogLevel.Information, "Queue {Queue} can be read again")]
    private partial void LogReachable(string queue);

    [LoggerMessage(22, LogLevel.Debug, "Queue {Queue}: no more messages are taken, {InHand} are in hand")]
    private partial void LogStopping(string queue, int inHand);

    [LoggerMessage(23, LogLevel.Warning, "Queue {Queue}: try {Try} of {Tries} of message {MessageId} failed with {Failure}")]
    private partial void LogTryFailed(string queue, string messageId, long @try, int tries, string failure);

    [LoggerMessage(24, LogLevel.Warning, "Queue {Queue}: message {MessageId} goes to queue {Poison}: {Reason}")]
    private partial void LogPoison(string queue, string messageId, string poison, string reason);

    [LoggerMessage(25, LogLevel.Error, "Queue {Queue}: message {MessageId} could be neither removed nor released; it is seen again when its hold ends")]
    private partial void LogNotSettled(Exception exception, string queue, string messageId);
}
