using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Blobs;

/// <summary>
/// Lists one container again and again and puts a message on the blob trigger's queue for each new version of a blob that a function asks for.
/// The message first, then the receipt: a crash between the two repeats a blob, and loses none.
/// </summary>
internal sealed partial class BlobScanner : Listener
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestIdlePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPauseAfterFault = TimeSpan.FromSeconds(10);

    /// <summary>Listing takes at most about a tenth of the time, however many blobs there are.</summary>
    private const double PausePerScan = 9;

    private readonly BlobContainerClient _container;
    private readonly IReadOnlyList<(DeclaredFunction Function, BlobPattern Pattern)> _functions;
    private readonly BlobReceipts _receipts;
    private readonly QueueClient _queue;
    private readonly Action _wake;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _prefix;

    /// <summary>The version of each blob that needs no more looking at; receipts are the truth, this spares reading them.</summary>
    private Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private Dictionary<string, IReadOnlySet<string>>? _receiptsAtStart;
    private bool _saidMissing;

    public BlobScanner(
        BlobContainerClient container, IReadOnlyList<(DeclaredFunction Function, BlobPattern Pattern)> functions,
        BlobReceipts receipts, QueueClient queue, Action wake, TimeProvider time, ILogger logger)
    {
        _wake = wake;
        _container = container;
        _functions = functions;
        _receipts = receipts;
        _queue = queue;
        _time = time;
        _logger = logger;
        _prefix = functions.Select(function => function.Pattern.Prefix).Aggregate(CommonStart);
    }

    public override async Task RunAsync(CancellationToken stopping, CancellationToken abandon)
    {
        var idleDelay = new PollingDelay(ShortestPause, LongestIdlePause);
        var faultDelay = new PollingDelay(TimeSpan.FromSeconds(1), LongestPauseAfterFault);
        while (!stopping.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                var began = _time.GetTimestamp();
                var found = await ScanAsync(stopping);
                var pauseByCost = _time.GetElapsedTime(began) * PausePerScan;
                pause = found > 0 ? idleDelay.AfterWork() : idleDelay.AfterNothing();
                pause = pauseByCost < pause ? pause : pauseByCost < LongestPause ? pauseByCost : LongestPause;
                if (found > 0)
                    _wake();
                faultDelay.AfterWork();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                pause = faultDelay.AfterNothing();
                LogUnreachable(_container.Name, pause.TotalSeconds, StorageFault.Describe(fault));
                LogFault(fault, _container.Name);
            }

            await Pause.ForAsync(pause, _time, stopping);
        }
    }

    /// <summary>Looks at every blob once; gives how many versions were new.</summary>
    private async Task<int> ScanAsync(CancellationToken stopping)
    {
        _receiptsAtStart ??= await ReadReceiptsAsync(stopping);
        var known = new Dictionary<string, string>(_known.Count, StringComparer.Ordinal);
        var found = 0;
        var complete = true;
        try
        {
            await foreach (var blob in _container.GetBlobsAsync(prefix: _prefix.Length == 0 ? null : _prefix, cancellationToken: stopping))
            {
                var etag = blob.Properties.ETag.ToString()!.Trim('"');
                if (_known.TryGetValue(blob.Name, out var last) && last == etag)
                {
                    known[blob.Name] = etag;
                    continue;
                }

                if (await NotifyAsync(blob, etag, stopping) is { } notified)
                {
                    // Noted at once: a listing that breaks off half-way must not repeat what it found.
                    known[blob.Name] = _known[blob.Name] = etag;
                    found += notified;
                }
                else
                {
                    complete = false;
                }
            }
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            if (!_saidMissing)
                LogMissing(_container.Name);
            _saidMissing = true;
            return 0;
        }

        _saidMissing = false;
        _known = known;
        if (complete)
            _receiptsAtStart = [];
        return found;
    }

    /// <summary>Gives how many functions were told of the version, or null when one could not be, so that it is tried again; other blobs go on.</summary>
    private async Task<int?> NotifyAsync(BlobItem blob, string etag, CancellationToken stopping)
    {
        var told = 0;
        try
        {
            foreach (var (function, pattern) in _functions)
            {
                if (pattern.Match(blob.Name) is null)
                    continue;
                var receipt = _receipts.NameOf(function.Id, _container.Name, blob.Name, etag);
                if (_receiptsAtStart!.TryGetValue(function.Id, out var written) && written.Contains(receipt))
                    continue;
                var message = new BlobTriggerMessage(function.Id, blob.Properties.BlobType?.ToString() ?? "Block", _container.Name, blob.Name, $"\"{etag}\"");
                await SendAsync(message.Encoded(), stopping);
                await _receipts.WriteAsync(receipt, CancellationToken.None);
                told++;
            }

            return told;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogNotNotified(fault, _container.Name, blob.Name);
            return null;
        }
    }

    private async Task SendAsync(string message, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.SendMessageAsync(message, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await _queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await _queue.SendMessageAsync(message, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: cancellationToken);
        }
    }

    private async Task<Dictionary<string, IReadOnlySet<string>>> ReadReceiptsAsync(CancellationToken cancellationToken)
    {
        var receipts = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (var (function, _) in _functions)
            receipts[function.Id] = await _receipts.ListAsync(function.Id, cancellationToken);
        return receipts;
    }

    private static string CommonStart(string one, string other)
    {
        var length = one.AsSpan().CommonPrefixLength(other);
        return one[..length];
    }

    [LoggerMessage(30, LogLevel.Warning, "Container {Container} cannot be listed; looking again in {Seconds:0.0} s ({Fault})")]
    private partial void LogUnreachable(string container, double seconds, string fault);

    [LoggerMessage(33, LogLevel.Debug, "Container {Container}: the fault in full")]
    private partial void LogFault(Exception exception, string container);

    [LoggerMessage(31, LogLevel.Information, "Container {Container} does not exist yet; blobs are looked for as soon as it does")]
    private partial void LogMissing(string container);

    [LoggerMessage(32, LogLevel.Error, "Blob {Container}/{Blob} was found, but its function could not be told; trying again at the next look")]
    private partial void LogNotNotified(Exception exception, string container, string blob);
}
