using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Blobs;

/// <summary>Lists one container again and again and has functions told of each version of a blob that it has not seen.</summary>
/// <param name="container">The container.</param>
/// <param name="prefix">What all the names looked for begin with.</param>
/// <param name="longestIdlePause">The longest pause between looks that find nothing and cost little.</param>
/// <param name="notifier">Tells the functions.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where faults go.</param>
internal sealed partial class BlobScanner(
    BlobContainerClient container, string prefix, TimeSpan longestIdlePause, BlobNotifier notifier, TimeProvider time, ILogger logger)
{
    /// <summary>A listing takes its time by the storage's clock, whatever time the app lives in.</summary>
    private static readonly TimeProvider StorageTime = TimeProvider.System;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPauseAfterFault = TimeSpan.FromSeconds(10);

    /// <summary>Listing takes at most about a tenth of the time, however many blobs there are.</summary>
    private const double PausePerScan = 9;

    /// <summary>So that many new blobs at once do not each wait for the one before.</summary>
    private const int NotifiedAtATime = 8;

    /// <summary>The version of each blob that needs no more looking at, and the number of the look that last saw it; receipts are the truth, this spares reading them.</summary>
    private readonly Dictionary<string, (string ETag, long Look)> _known = new(StringComparer.Ordinal);
    private long _look;
    private bool _complete;
    private bool _saidMissing;

    /// <summary>Runs until told to stop, and outlives every fault of storage.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var idleDelay = new PollingDelay(ShortestPause, longestIdlePause);
        var faultDelay = new PollingDelay(TimeSpan.FromSeconds(1), LongestPauseAfterFault);
        while (!stopping.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                var (found, cost) = await ScanAsync(stopping);
                var pauseByCost = cost * PausePerScan;
                pause = found > 0 ? idleDelay.AfterWork() : idleDelay.AfterNothing();
                pause = pauseByCost < pause ? pause : pauseByCost < LongestPause ? pauseByCost : LongestPause;
                faultDelay.AfterWork();
                await notifier.TidyAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                pause = faultDelay.AfterNothing();
                LogUnreachable(container.Name, pause.TotalSeconds, StorageFault.Describe(fault));
                LogFault(fault, container.Name);
            }

            await Pause.ForAsync(pause, time, stopping);
        }
    }

    /// <summary>Looks at every blob once; gives how many versions were new, and how long the listing alone took.</summary>
    private async Task<(int Found, TimeSpan Cost)> ScanAsync(CancellationToken stopping)
    {
        await notifier.RecallAsync(stopping);
        _look++;
        _complete = true;
        var found = 0;
        var cost = TimeSpan.Zero;
        var began = StorageTime.GetTimestamp();
        try
        {
            await foreach (var page in container.GetBlobsAsync(prefix: prefix.Length == 0 ? null : prefix, cancellationToken: stopping).AsPages())
            {
                var unknown = page.Values.Where(blob => !IsKnown(blob.Name, ETagOf(blob))).ToList();
                cost += StorageTime.GetElapsedTime(began);
                foreach (var few in unknown.Chunk(NotifiedAtATime))
                    found += (await Task.WhenAll(few.Select(blob => NotifyAsync(blob, stopping)))).Sum();
                began = StorageTime.GetTimestamp();
            }
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            if (!_saidMissing)
                LogMissing(container.Name);
            _saidMissing = true;
            return (0, cost);
        }

        _saidMissing = false;
        if (_complete)
        {
            ForgetDeleted();
            notifier.EndRecall(name => _known.TryGetValue(name, out var present) ? present.ETag : null, prefix);
        }

        return (found, cost);
    }

    private async Task<int> NotifyAsync(BlobItem blob, CancellationToken stopping)
    {
        var etag = ETagOf(blob);
        var told = await notifier.NotifyAsync(blob, etag, stopping);
        lock (_known)
        {
            if (told is null)
            {
                _complete = false;
                return 0;
            }

            // Noted at once: a listing that breaks off half-way must not repeat what it found.
            if (_known.TryGetValue(blob.Name, out var former) && former.ETag != etag)
                notifier.Forget(blob.Name, former.ETag);
            _known[blob.Name] = (etag, _look);
            return told.Value;
        }
    }

    private static string ETagOf(BlobItem blob) => blob.Properties.ETag.ToString()!.Trim('"');

    private bool IsKnown(string name, string etag)
    {
        if (!_known.TryGetValue(name, out var known) || known.ETag != etag)
            return false;
        _known[name] = (etag, _look);
        return true;
    }

    private void ForgetDeleted()
    {
        foreach (var (name, version) in _known)
        {
            if (version.Look == _look)
                continue;
            notifier.Forget(name, version.ETag);
            _known.Remove(name);
        }
    }

    [LoggerMessage(30, LogLevel.Warning, "Container {Container} cannot be listed; looking again in {Seconds:0.0} s ({Fault})")]
    private partial void LogUnreachable(string container, double seconds, string fault);

    [LoggerMessage(33, LogLevel.Debug, "Container {Container}: the fault in full")]
    private partial void LogFault(Exception exception, string container);

    [LoggerMessage(31, LogLevel.Information, "Container {Container} does not exist yet; blobs are looked for as soon as it does")]
    private partial void LogMissing(string container);
}
