using System.ComponentModel.DataAnnotations;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Embedded.DurableTask;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class TaskHubTests
{
    [Fact]
    public async Task StartAsync_FileInUse_SaysWhoHoldsIt()
    {
        await using var hub = await Simple().StartAsync();
        await using var second = hub.Create();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => second.StartAsync(CancellationToken.None));

        Assert.Contains(hub.DatabasePath, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"held by process {Environment.ProcessId} (", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($" on {Environment.MachineName}, started ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_FileOfAnotherSchema_SaysSoAndLetsGoOfTheFile()
    {
        await using var hub = await Simple().StartAsync();
        await hub.Hub.DisposeAsync();
        SetSchemaVersion(hub.DatabasePath, 99);
        await using var refused = hub.Create();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => refused.StartAsync(CancellationToken.None));

        Assert.Contains("schema version 99", refusal.Message, StringComparison.Ordinal);
        SetSchemaVersion(hub.DatabasePath, Schema.Steps.Count);
        await hub.StartAsync();
    }

    [Fact]
    public async Task StartAsync_WhatIsPendingIsHandedOut_ThereIsNoClientYet()
    {
        await using var hub = await Simple().StartAsync();
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("echo", 1, new StartOrchestrationOptions(null, DateTimeOffset.UtcNow.AddDays(1)));
        await hub.Hub.DisposeAsync();
        var time = new AskedTime();
        await using var next = new TaskHub(
            new TaskHubOptions { DatabasePath = hub.DatabasePath }, JsonDataConverter.Default, time, NullLoggerFactory.Instance);

        // When the message is due is asked as it is handed out; a client that were there would have its own messages handed out a second time.
        Exception? first = null;
        time.Asked = () => first ??= Record.Exception(() => next.Client) ?? new InvalidOperationException("The client was there.");
        await next.StartAsync(CancellationToken.None);

        Assert.Contains("not started", first?.Message, StringComparison.Ordinal);
        Assert.NotNull(next.Client);
    }

    [Fact]
    public async Task Client_BeforeStart_Throws()
    {
        await using var hub = Simple();
        await using var stopped = hub.Create();

        Assert.Throws<InvalidOperationException>(() => stopped.Client);
    }

    [Fact]
    public async Task AddOrchestrator_AfterStartOrTwice_Throws()
    {
        await using var hub = await Simple().StartAsync();
        await using var fresh = hub.Create();

        Assert.Throws<InvalidOperationException>(() => hub.Hub.AddOrchestrator("late", _ => Task.FromResult<object?>(null)));
        Assert.Throws<ArgumentException>(() => fresh.AddOrchestrator("SLOW", _ => Task.FromResult<object?>(null)));
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        var options = new TaskHubOptions { DatabasePath = "hub.db", MaxConcurrentActivities = 0 };

        var refusal = Assert.Throws<ValidationException>(() => new TaskHub(
            options, Microsoft.DurableTask.Converters.JsonDataConverter.Default, TimeProvider.System, new CollectingLoggers()));

        Assert.Contains(nameof(TaskHubOptions.MaxConcurrentActivities), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activities_MoreThanAllowedAtATime_Wait()
    {
        var (running, most) = (0, 0);
        await using var hub = await new TestHub { MaxConcurrentActivities = 3 }
            .Activity("busy", async (_, cancellationToken) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await Task.Delay(10, cancellationToken);
                Interlocked.Decrement(ref running);
                return 1;
            })
            .Orchestrator("fan", async context => (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => context.CallActivityAsync<int>("busy")))).Sum())
            .StartAsync();

        Assert.Equal(20, await hub.ResultAsync<int>("fan"));
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task DrainAsync_ActivityRuns_WaitsForItAndStoresItsResult()
    {
        var (runs, release, began) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        await using var hub = await new TestHub()
            .Activity("slow", async (_, _) =>
            {
                Interlocked.Increment(ref runs);
                began.SetResult();
                await release.Task;
                return "done";
            })
            .Orchestrator("slow", context => context.CallActivityAsync<string>("slow"))
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("slow");
        await began.Task;

        var draining = hub.Hub.DrainAsync(CancellationToken.None);
        Assert.False(draining.IsCompleted);
        release.SetResult();
        await draining;
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await hub.Client.GetInstanceAsync(instanceId))?.RuntimeStatus);
        await hub.ReopenAsync();

        Assert.Equal("done", (await hub.CompletionAsync(instanceId)).ReadOutputAs<string>());
        Assert.Equal(1, runs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DrainAsync_TimeIsUp_GivesTheActivityUpToBeRunAgain(bool heedsItsToken)
    {
        var (runs, began, release) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        await using var hub = await new TestHub()
            .Activity("slow", async (_, cancellationToken) =>
            {
                if (Interlocked.Increment(ref runs) > 1)
                    return "second run";
                began.SetResult();
                await (heedsItsToken ? Task.Delay(Timeout.Infinite, cancellationToken) : release.Task);
                return "first run";
            })
            .Orchestrator("slow", context => context.CallActivityAsync<string>("slow"))
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("slow");
        await began.Task;
        using var timeIsUp = new CancellationTokenSource();
        var draining = hub.Hub.DrainAsync(timeIsUp.Token);

        timeIsUp.Cancel();
        await draining;
        release.SetResult();
        await hub.ReopenAsync();

        Assert.Equal("second run", (await hub.CompletionAsync(instanceId)).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task DisposeAsync_CancellationCallbackOfTheAppThrowsOrBlocks_ClosesTheStore(bool isEntity, bool throws)
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var unblock = new SemaphoreSlim(0);
        await using var hub = await new TestHub()
            .Activity("busy", (_, cancellationToken) => BusyAsync(cancellationToken))
            .Register(inner => inner.AddEntity("busy", (_, cancellationToken) => BusyAsync(cancellationToken)))
            .Orchestrator("busy", context => context.CallActivityAsync<bool>("busy"))
            .StartAsync();
        await (isEntity ? hub.SignalAsync(EntityTestExtensions.Id("busy", "one"), "work") : hub.ScheduleAsync("busy"));
        await began.Task;

        await hub.Hub.DrainAsync(new CancellationToken(canceled: true)).WaitAsync(TestHub.Patience);
        await hub.Hub.DisposeAsync().AsTask().WaitAsync(TestHub.Patience);
        unblock.Release();
        await hub.StartAsync();

        async Task<bool> BusyAsync(CancellationToken cancellationToken)
        {
            using var callback = cancellationToken.Register(() => Assert.False(throws || !unblock.Wait(TestHub.Patience), "a defect of the app"));
            began.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return true;
        }
    }

    [Fact]
    public async Task DrainAsync_ThenNewWork_IsKeptForTheNextStart()
    {
        await using var hub = await Simple().StartAsync();

        await hub.Hub.DrainAsync(CancellationToken.None);
        var instanceId = await hub.ScheduleAsync("slow", "kept");
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await hub.Client.GetInstanceAsync(instanceId))?.RuntimeStatus);
        await hub.ReopenAsync();

        Assert.Equal("kept", (await hub.CompletionAsync(instanceId)).ReadOutputAs<string>());
    }

    private static TestHub Simple() => new TestHub().Orchestrator("slow", context => Task.FromResult(context.GetInput<string>()));

    private static void SetSchemaVersion(string path, int version)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA user_version = {version}";
        command.ExecuteNonQuery();
    }

    private sealed class AskedTime : TimeProvider
    {
        public Action? Asked { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            Asked?.Invoke();
            return base.GetUtcNow();
        }
    }
}
