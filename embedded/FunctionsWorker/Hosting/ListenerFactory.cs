using Azure.Storage.Queues;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker.Blobs;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Invocations;
using Serverless.Embedded.FunctionsWorker.Queues;
using Serverless.Embedded.FunctionsWorker.Timers;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>Makes what watches queues, containers and the clock for the app's functions.</summary>
internal sealed class ListenerFactory(
    HostSettings settings, FunctionCatalog functions, StorageAccounts accounts, TimerStatuses statuses, FunctionInvoker invoker, QueueSignals signals,
    ReplicaIdentity replica, TimeProvider time, ILoggerFactory loggers)
{
    public const string HostsContainer = "azure-webjobs-hosts";

    /// <summary>Scanners wake the blob trigger's own queue; it is looked at besides only for what a crash has left.</summary>
    private static readonly TimeSpan BlobQueuePollingInterval = TimeSpan.FromSeconds(5);

    /// <summary>Each look at a container is a request that is paid for, unless storage is on this machine.</summary>
    private static readonly TimeSpan LongestScanPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestLocalScanPause = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = loggers.CreateLogger("Host.Triggers");

    public IReadOnlyList<Listener> Create() => [.. Queues(), .. Blobs(), .. Timers()];

    private IEnumerable<Listener> Queues()
    {
        foreach (var (function, trigger) in functions.TriggeredBy<QueueTriggerSpec>())
        {
            var account = accounts.Get(trigger.Connection);
            var source = new QueueSource(
                account.Queues.GetQueueClient(trigger.Queue), account.Queues.GetQueueClient($"{trigger.Queue}-poison"),
                settings.Queues, settings.Queues.MaxPollingIntervalFor(account), settings.Embedded.MessageLease);
            var listener = new QueueListener(
                source,
                (message, cancellationToken) => invoker.InvokeAsync(
                    function,
                    new TriggerPayload(message, $"New queue message detected on '{trigger.Queue}'") { Data = QueueBindings.DataOf(message, message.Body, trigger.MessageType) },
                    cancellationToken),
                signals,
                time,
                _logger);
            signals.Add(source.Queue.Uri, listener.Wake);
            yield return listener;
        }
    }

    private IEnumerable<Listener> Blobs()
    {
        var triggered = functions.TriggeredBy<BlobTriggerSpec>().ToList();
        if (triggered.Count == 0)
            yield break;

        var own = accounts.Host.Queues;
        var parallel = settings.Blobs.MaxDegreeOfParallelism;
        var batch = Math.Min(parallel, 32);
        var queueSettings = settings.Queues with
        {
            BatchSize = batch,
            NewBatchThreshold = parallel - batch,
            MaxDequeueCount = settings.Blobs.PoisonBlobThreshold,
            Base64 = true,
        };
        var source = new QueueSource(
            own.GetQueueClient(BlobTriggerQueue.NameFor(settings.HostId)), own.GetQueueClient(BlobTriggerQueue.PoisonName),
            queueSettings, BlobQueuePollingInterval, settings.Embedded.MessageLease);
        var queue = new QueueListener(source, new BlobTriggerQueue(triggered, accounts, invoker, _logger).ProcessAsync, signals, time, _logger);
        signals.Add(source.Queue.Uri, queue.Wake);
        yield return queue;

        var hosts = accounts.Host.Blobs.GetBlobContainerClient(HostsContainer);
        var receipts = new BlobReceipts(hosts, settings.HostId, replica.Id, BlobReceipts.AbandonedAfter);
        yield return new BlobScanning(
            new HostLock(hosts, $"{settings.HostId}/{BlobScanning.LockName}", replica.Id, settings.Singleton, _logger),
            () => [.. Scanners(triggered, receipts, source.Queue, queue.Wake)]);
    }

    private IEnumerable<BlobScanner> Scanners(
        IReadOnlyList<(DeclaredFunction Function, BlobTriggerSpec Trigger)> triggered, BlobReceipts receipts, QueueClient queue, Action wake)
    {
        foreach (var container in triggered.GroupBy(entry => (accounts.Get(entry.Trigger.Connection), entry.Trigger.Pattern.Container)))
        {
            var (account, name) = container.Key;
            IReadOnlyList<(DeclaredFunction, BlobPattern Pattern)> interested = [.. container.Select(entry => (entry.Function, entry.Trigger.Pattern))];
            yield return new BlobScanner(
                account.Blobs.GetBlobContainerClient(name),
                BlobPattern.CommonPrefix(interested.Select(entry => entry.Pattern)),
                account.IsLocal ? LongestLocalScanPause : LongestScanPause,
                new BlobNotifier(name, interested, receipts, queue, wake, _logger),
                time,
                _logger);
        }
    }

    private IEnumerable<Listener> Timers()
    {
        foreach (var (function, trigger) in functions.TriggeredBy<TimerTriggerSpec>())
        {
            var hosts = accounts.HasHost ? accounts.Host.Blobs.GetBlobContainerClient(HostsContainer) : null;
            // Without storage there are no other replicas that could know of each other.
            var runner = hosts is null ? null : new HostLock(hosts, $"{settings.HostId}/{function.Id}.Listener", replica.Id, settings.Singleton, _logger);
            yield return new TimerListener(function, trigger, statuses.StoreOf(trigger), runner, invoker, time, _logger);
        }
    }
}
