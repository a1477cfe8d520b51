using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>
/// Lets one replica of the app do what only one may: who holds the lease of a blob, which the genuine host would lease too. It is renewed while held, given back in order,
/// and taken over by another replica once it has expired.
/// </summary>
/// <param name="hosts">The container of the host's own blobs.</param>
/// <param name="name">The blob, below <c>locks/</c>.</param>
/// <param name="replica">The name of this replica.</param>
/// <param name="settings">How long and how often.</param>
/// <param name="logger">Where changes of holder are noted.</param>
internal sealed partial class HostLock(BlobContainerClient hosts, string name, Guid replica, SingletonSettings settings, ILogger logger)
{
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(2);

    /// <summary>A lease runs by the storage's clock, whatever time the app lives in.</summary>
    private static readonly TimeProvider StorageTime = TimeProvider.System;

    private readonly BlobClient _blob = hosts.GetBlobClient($"locks/{name}");

    /// <summary>Does the work while this replica holds the lock, and again whenever it gets it, until told to stop.</summary>
    /// <param name="work">Is given a token that fires when it is to stop, or when the lock is lost.</param>
    /// <param name="standby">Called when another replica holds the lock.</param>
    /// <param name="stopping">Ends it all.</param>
    public async Task HoldAsync(Func<CancellationToken, Task> work, Action standby, CancellationToken stopping)
    {
        var lease = _blob.GetBlobLeaseClient(replica.ToString());
        var (faulted, waiting) = (false, false);
        while (!stopping.IsCancellationRequested)
        {
            bool acquired;
            try
            {
                acquired = await TryAcquireAsync(lease, stopping);
                faulted = false;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                if (!faulted)
                    LogFault(name, StorageFault.Describe(fault));
                faulted = true;
                await Pause.ForAsync(PauseAfterFault, StorageTime, stopping);
                continue;
            }

            if (acquired)
            {
                LogHeld(name);
                waiting = false;
                await WorkAsync(lease, work, stopping);
                continue;
            }

            if (!waiting)
                LogHeldElsewhere(name);
            waiting = true;
            standby();
            await Pause.ForAsync(settings.RecoveryPollingInterval, StorageTime, stopping);
        }
    }

    private async Task WorkAsync(BlobLeaseClient lease, Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var done = new CancellationTokenSource();
        var renewing = RenewAsync(lease, held, done.Token);
        try
        {
            await work(held.Token);
        }
        finally
        {
            await done.CancelAsync();
            if (await renewing)
                await ReleaseAsync(lease);
        }
    }

    /// <summary>Renews the lease halfway to its end until the work is done; true if it was held all the time.</summary>
    private async Task<bool> RenewAsync(BlobLeaseClient lease, CancellationTokenSource held, CancellationToken done)
    {
        var renewed = StorageTime.GetTimestamp();
        var pause = settings.ListenerLockPeriod / 2;
        while (true)
        {
            await Pause.ForAsync(pause, StorageTime, done);
            if (done.IsCancellationRequested)
                return true;
            try
            {
                await lease.RenewAsync(cancellationToken: done);
                renewed = StorageTime.GetTimestamp();
                pause = settings.ListenerLockPeriod / 2;
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
                return true;
            }
            catch (Exception fault)
            {
                pause = TimeSpan.FromSeconds(1);
                // Another has it, or might: from here on the work is no longer this replica's.
                if (fault is RequestFailedException { Status: 404 or 409 or 412 } || StorageTime.GetElapsedTime(renewed) + pause >= settings.ListenerLockPeriod)
                {
                    LogLost(name, StorageFault.Describe(fault));
                    await held.CancelAsync();
                    return false;
                }
            }
        }
    }

    private async Task<bool> TryAcquireAsync(BlobLeaseClient lease, CancellationToken stopping)
    {
        try
        {
            await lease.AcquireAsync(settings.ListenerLockPeriod, cancellationToken: stopping);
            return true;
        }
        catch (RequestFailedException taken) when (taken.Status == 409)
        {
            return false;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            await CreateAsync(stopping);
            return await TryAcquireAsync(lease, stopping);
        }
    }

    private async Task CreateAsync(CancellationToken stopping)
    {
        await hosts.CreateIfNotExistsAsync(cancellationToken: stopping);
        try
        {
            await _blob.UploadAsync(new BinaryData(Array.Empty<byte>()), new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, stopping);
        }
        catch (RequestFailedException there) when (there.Status is 409 or 412)
        {
            LogCreatedElsewhere(name);
        }
    }

    private async Task ReleaseAsync(BlobLeaseClient lease)
    {
        try
        {
            await lease.ReleaseAsync(cancellationToken: CancellationToken.None);
        }
        catch (Exception fault)
        {
            // It expires by itself.
            LogNotReleased(name, StorageFault.Describe(fault));
        }
    }

    [LoggerMessage(90, LogLevel.Debug, "Lock {Name}: held by this replica")]
    private partial void LogHeld(string name);

    [LoggerMessage(91, LogLevel.Information, "Lock {Name}: held by another replica, which does the work")]
    private partial void LogHeldElsewhere(string name);

    [LoggerMessage(92, LogLevel.Warning, "Lock {Name}: storage cannot be reached; trying again until it can ({Fault})")]
    private partial void LogFault(string name, string fault);

    [LoggerMessage(93, LogLevel.Warning, "Lock {Name}: lost, for it could not be renewed ({Fault}); the work is left to the replica that takes it")]
    private partial void LogLost(string name, string fault);

    [LoggerMessage(94, LogLevel.Debug, "Lock {Name}: its blob was just made by another replica")]
    private partial void LogCreatedElsewhere(string name);

    [LoggerMessage(95, LogLevel.Warning, "Lock {Name}: could not be given back, and expires by itself ({Fault})")]
    private partial void LogNotReleased(string name, string fault);
}
