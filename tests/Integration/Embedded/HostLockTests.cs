using System.Diagnostics;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Tests.Integration.Embedded;

[Collection(AzuriteCollection.Name)]
public sealed class HostLockTests(AzuriteFixture azurite)
{
    /// <summary>The shortest that storage has.</summary>
    private static readonly SingletonSettings Settings = new(TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(100));

    private readonly string _name = $"l{Guid.NewGuid():n}/Host.Functions.Tick.Listener";

    private BlobContainerClient Hosts => azurite.Blobs.GetBlobContainerClient("azure-webjobs-hosts");

    [Fact]
    public async Task HoldAsync_HolderStopped_IsTakenOverAtOnce()
    {
        using var stopFirst = new CancellationTokenSource();
        var (first, firstDone) = Hold(Guid.NewGuid(), stopFirst.Token);
        await first.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        using var stopSecond = new CancellationTokenSource();
        var (second, secondDone) = Hold(Guid.NewGuid(), stopSecond.Token);

        Assert.False(second.IsCompleted);
        await stopFirst.CancelAsync();
        await firstDone;
        await second.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await stopSecond.CancelAsync();
        await secondDone;
    }

    [Fact]
    public async Task HoldAsync_HolderCrashed_IsTakenOverWhenItsLeaseHasExpired()
    {
        var watch = Stopwatch.StartNew();
        await LeaseAsync(Guid.NewGuid());
        using var stop = new CancellationTokenSource();
        var (held, done) = Hold(Guid.NewGuid(), stop.Token);

        await held.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(25));
        await stop.CancelAsync();
        await done;
    }

    [Fact]
    public async Task HoldAsync_SameReplicaStartedAnewAfterACrash_HoldsItAtOnce()
    {
        var replica = Guid.NewGuid();
        await LeaseAsync(replica);
        using var stop = new CancellationTokenSource();
        var (held, done) = Hold(replica, stop.Token);

        await held.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await done;
    }

    [Fact]
    public async Task HoldAsync_LeaseTakenAway_StopsTheWork()
    {
        using var stop = new CancellationTokenSource();
        var lost = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        var done = LockOf(Guid.NewGuid()).HoldAsync(
            async token =>
            {
                held.TrySetResult();
                await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => lost.TrySetResult(), TaskScheduler.Default);
            },
            () => { },
            stop.Token);
        await held.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        await Hosts.GetBlobClient("locks/" + _name).GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: TestContext.Current.CancellationToken);
        await LeaseAsync(Guid.NewGuid());

        await lost.Task.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await done;
    }

    private HostLock LockOf(Guid replica) => new(Hosts, _name, replica, Settings, NullLogger.Instance);

    /// <summary>Holds the lock until told to stop; the first task ends when it is got, the second when it was given back.</summary>
    private (Task Held, Task Done) Hold(Guid replica, CancellationToken stop)
    {
        var held = new TaskCompletionSource();
        return (held.Task, LockOf(replica).HoldAsync(
            token =>
            {
                held.TrySetResult();
                return Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
            },
            () => { },
            stop));
    }

    private async Task LeaseAsync(Guid replica)
    {
        var blob = Hosts.GetBlobClient("locks/" + _name);
        await Hosts.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        if (!await blob.ExistsAsync(TestContext.Current.CancellationToken))
            await blob.UploadAsync(BinaryData.FromString(""), TestContext.Current.CancellationToken);
        await blob.GetBlobLeaseClient(replica.ToString()).AcquireAsync(Settings.ListenerLockPeriod, cancellationToken: TestContext.Current.CancellationToken);
    }
}
