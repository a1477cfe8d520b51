using System.Collections.Concurrent;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class ClientTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("@entity", "'@'")]
    [InlineData("a/b", "/ \\ # ?")]
    [InlineData("a\\b", "/ \\ # ?")]
    [InlineData("a#b", "/ \\ # ?")]
    [InlineData("a?b", "/ \\ # ?")]
    [InlineData("a\nb", "control character")]
    public async Task ScheduleNew_InvalidInstanceId_SaysWhatIsWrong(string instanceId, string expected)
    {
        await using var hub = await Simple().StartAsync();

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => hub.ScheduleAsync("echo", 1, instanceId));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScheduleNew_InstanceIdLength_IsLimited()
    {
        await using var hub = await Simple().StartAsync();

        Assert.Equal(256, (await hub.ScheduleAsync("echo", 1, new string('x', 256))).Length);
        await Assert.ThrowsAsync<ArgumentException>(() => hub.ScheduleAsync("echo", 1, new string('x', 257)));
    }

    [Fact]
    public async Task ScheduleNew_SameIdAsAnUnfinishedInstance_Throws()
    {
        await using var hub = await Simple().StartAsync();
        await hub.ScheduleAsync("waiting", instanceId: "one");

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => hub.ScheduleAsync("waiting", instanceId: "one"));
        await hub.Client.RaiseEventAsync("one", "go", "undisturbed");
        Assert.Equal("undisturbed", (await hub.CompletionAsync("one")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ScheduleNew_SameIdAsAFinishedInstance_ReplacesIt()
    {
        await using var hub = await Simple().StartAsync();

        Assert.Equal(1, (await hub.RunAsync("echo", 1, "one")).ReadOutputAs<int>());
        Assert.Equal(2, (await hub.RunAsync("echo", 2, "one")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task ScheduleNew_ManyAtOnceUnderOneId_StartsExactlyOne()
    {
        await using var hub = await Simple().StartAsync();

        var starts = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            try
            {
                await hub.ScheduleAsync("waiting", instanceId: "one");
                return 1;
            }
            catch (OrchestrationAlreadyExistsException)
            {
                return 0;
            }
        }));

        Assert.Equal(1, starts.Sum());
    }

    [Fact]
    public async Task ScheduleNew_WithDedupeStatuses_FollowsThem()
    {
        await using var hub = await Simple().StartAsync();
        await hub.RunAsync("echo", 1, "one");
        var options = new StartOrchestrationOptions("one");

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => hub.Client.ScheduleNewOrchestrationInstanceAsync(
            "echo", 2, options.WithDedupeStatuses(OrchestrationRuntimeStatus.Completed), CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => hub.Client.ScheduleNewOrchestrationInstanceAsync(
            "echo", 2, options with { DedupeStatuses = ["Finished"] }, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => hub.Client.ScheduleNewOrchestrationInstanceAsync(
            "echo", 2, options.WithDedupeStatuses(OrchestrationRuntimeStatus.Terminated), CancellationToken.None));

        await hub.ScheduleAsync("waiting", instanceId: "two");
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("echo", 3, new StartOrchestrationOptions("two").WithDedupeStatuses(), CancellationToken.None);
        Assert.Equal(3, (await hub.CompletionAsync("two")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task GetInstanceAsync_WithAndWithoutData_ShowsWhatWasAskedFor()
    {
        await using var hub = await Simple().StartAsync();
        await hub.RunAsync("echo", 7, "one");

        var (bare, full) = (await hub.Client.GetInstanceAsync("one"), await hub.Client.GetInstanceAsync("one", true));

        Assert.Null(await hub.Client.GetInstanceAsync("unknown"));
        Assert.Equal(("echo", "one", OrchestrationRuntimeStatus.Completed), (bare!.Name, bare.InstanceId, bare.RuntimeStatus));
        Assert.Equal(_time.GetUtcNow(), bare.CreatedAt);
        Assert.Throws<InvalidOperationException>(() => bare.ReadOutputAs<int>());
        Assert.Equal((7, 7), (full!.ReadInputAs<int>(), full.ReadOutputAs<int>()));
    }

    [Fact]
    public async Task WaitForInstance_UnknownOrCancelled_Throws()
    {
        await using var hub = await Simple().StartAsync();
        await hub.ScheduleAsync("waiting", instanceId: "one");
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await hub.Client.WaitForInstanceStartAsync("one")).RuntimeStatus);
        using var stop = new CancellationTokenSource();
        var waiting = hub.Client.WaitForInstanceCompletionAsync("one", stop.Token);

        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAsync<InvalidOperationException>(() => hub.Client.WaitForInstanceCompletionAsync("unknown", CancellationToken.None));
    }

    [Fact]
    public async Task WaitForInstanceCompletionAsync_HubStops_ThrowsInsteadOfWaitingForEver()
    {
        await using var hub = await Simple().StartAsync();
        await hub.ScheduleAsync("waiting", instanceId: "one");
        var waiting = hub.Client.WaitForInstanceCompletionAsync("one", CancellationToken.None);

        await hub.ReopenAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    [Fact]
    public async Task GetAllInstancesAsync_Filtered_PagesThroughTheMatches()
    {
        await using var hub = await Simple().StartAsync();
        for (var i = 0; i < 25; i++)
        {
            await hub.RunAsync("echo", i, $"echo-{i:00}");
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        await hub.ScheduleAsync("waiting", instanceId: "echo_not%this");
        var start = _time.GetUtcNow().AddMinutes(-25);

        Assert.Equal(26, (await IdsAsync(hub, null)).Count);
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"echo-{i:00}"), await IdsAsync(hub, new OrchestrationQuery(InstanceIdPrefix: "echo-", PageSize: 4)));
        Assert.Equal(["echo-05", "echo-06"], await IdsAsync(hub, new OrchestrationQuery(start.AddMinutes(5), start.AddMinutes(6))));
        Assert.Equal(["echo_not%this"], await IdsAsync(hub, new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending])));
        Assert.Empty(await IdsAsync(hub, new OrchestrationQuery(TaskHubNames: ["another"])));
        await Assert.ThrowsAsync<ArgumentException>(() => IdsAsync(hub, new OrchestrationQuery(ContinuationToken: "x")));

        List<int> pages = [];
        await foreach (var page in hub.Client.GetAllInstancesAsync(new OrchestrationQuery(FetchInputsAndOutputs: true)).AsPages(pageSizeHint: 10))
        {
            pages.Add(page.Values.Count);
            Assert.All(page.Values.Where(instance => instance.IsCompleted), instance => Assert.Equal(instance.ReadInputAs<int>(), instance.ReadOutputAs<int>()));
        }

        Assert.Equal([10, 10, 6], pages);
    }

    [Fact]
    public async Task PurgeInstanceAsync_FinishedOnly_DeletesIt()
    {
        await using var hub = await Simple().StartAsync();
        await hub.RunAsync("echo", 1, "done");
        await hub.ScheduleAsync("waiting", instanceId: "open");

        Assert.Equal(1, (await hub.Client.PurgeInstanceAsync("done")).PurgedInstanceCount);
        Assert.Equal(0, (await hub.Client.PurgeInstanceAsync("done")).PurgedInstanceCount);
        Assert.Equal(0, (await hub.Client.PurgeInstanceAsync("open")).PurgedInstanceCount);
        Assert.Equal(["open"], await IdsAsync(hub, null));
        Assert.Null(await hub.Hub.ExportHistoryAsync("done", CancellationToken.None));
    }

    [Fact]
    public async Task PurgeAllInstancesAsync_Filtered_DeletesTheMatchesAndTheirChildrenIfAsked()
    {
        await using var hub = await Simple()
            .Orchestrator("parent", context => context.CallSubOrchestratorAsync<int>("echo", 5))
            .StartAsync();
        for (var i = 0; i < 120; i++)
            await hub.ScheduleAsync("echo", i, $"old-{i}");
        for (var i = 0; i < 120; i++)
            await hub.CompletionAsync($"old-{i}");
        _time.Advance(TimeSpan.FromDays(1));
        await hub.RunAsync("parent", instanceId: "young");

        var old = await hub.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(CreatedTo: _time.GetUtcNow().AddHours(-1)));
        var none = await hub.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Failed]));
        var tree = await hub.Client.PurgeInstanceAsync("young", new PurgeInstanceOptions(Recursive: true));

        Assert.Equal((120, true, 0, 2), (old.PurgedInstanceCount, old.IsComplete, none.PurgedInstanceCount, tree.PurgedInstanceCount));
        Assert.Empty(await IdsAsync(hub, null));
    }

    [Fact]
    public async Task RestartAsync_FinishedInstance_RunsItAgainWithItsInput()
    {
        await using var hub = await Simple().StartAsync();
        await hub.RunAsync("echo", 9, "one");

        Assert.Equal("one", await hub.Client.RestartAsync("one"));
        var other = await hub.Client.RestartAsync("one", restartWithNewInstanceId: true);

        Assert.NotEqual("one", other);
        Assert.Equal((9, 9), ((await hub.CompletionAsync("one")).ReadOutputAs<int>(), (await hub.CompletionAsync(other)).ReadOutputAs<int>()));
        await Assert.ThrowsAsync<ArgumentException>(() => hub.Client.RestartAsync("unknown"));
    }

    [Fact]
    public async Task RestartAsync_UnfinishedInstance_OnlyUnderANewId()
    {
        await using var hub = await Simple().StartAsync();
        await hub.ScheduleAsync("waiting", instanceId: "one");

        await Assert.ThrowsAsync<InvalidOperationException>(() => hub.Client.RestartAsync("one"));
        var other = await hub.Client.RestartAsync("one", restartWithNewInstanceId: true);

        await hub.Client.RaiseEventAsync(other, "go", "the other");
        Assert.Equal("the other", (await hub.CompletionAsync(other)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ListInstanceIdsAsync_ByStatusAndTimeOfCompletion_PagesThroughTheMatches()
    {
        await using var hub = await Simple().StartAsync();
        await hub.ScheduleAsync("waiting", instanceId: "open");
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await hub.RunAsync("echo", i, $"done-{i}");
        }

        var start = _time.GetUtcNow().AddMinutes(-5);
        var first = await hub.Client.ListInstanceIdsAsync([OrchestrationRuntimeStatus.Completed], pageSize: 3);
        var second = await hub.Client.ListInstanceIdsAsync([OrchestrationRuntimeStatus.Completed], pageSize: 3, lastInstanceKey: first.ContinuationToken);

        Assert.Equal(["done-0", "done-1", "done-2"], first.Values);
        Assert.Equal(["done-3", "done-4"], second.Values);
        Assert.Null(second.ContinuationToken);
        Assert.Equal(6, (await hub.Client.ListInstanceIdsAsync()).Values.Count);
        Assert.Equal(["done-1", "done-2"], (await hub.Client.ListInstanceIdsAsync(null, start.AddMinutes(2), start.AddMinutes(3))).Values);
    }

    [Theory]
    [InlineData("p", "p p\uFFFFz p\U0001F600 p\U0010FFFF\U0010FFFF")]
    [InlineData("p\uFFFF", "p\uFFFFz")]
    [InlineData("p\U0001F600", "p\U0001F600")]
    [InlineData("p\U0010FFFF", "p\U0010FFFF\U0010FFFF")]
    [InlineData("\uD7FF", "\uD7FFx")]
    public async Task InstanceIdPrefix_AnyCharacter_FindsAllThatBeginWithIt(string prefix, string expected)
    {
        await using var hub = await new TestHub().Orchestrator("echo", context => Task.FromResult(0)).StartAsync();
        foreach (var id in new[] { "o", "p", "p\uFFFFz", "p\U0001F600", "p\U0010FFFF\U0010FFFF", "q", "\uD7FFx", "\uE000" })
            await hub.ScheduleAsync("echo", instanceId: id);

        Assert.Equal(expected.Split(' '), await IdsAsync(hub, new OrchestrationQuery(InstanceIdPrefix: prefix)));
    }

    [Fact]
    public async Task Ids_HalfACharacter_AreRefused()
    {
        await using var hub = await new TestHub().Orchestrator("echo", context => Task.FromResult(0)).StartAsync();

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => hub.ScheduleAsync("echo", instanceId: "p\uD83D"));
        Assert.Contains("half of a surrogate pair", refusal.Message, StringComparison.Ordinal);
        refusal = await Assert.ThrowsAsync<ArgumentException>(() => IdsAsync(hub, new OrchestrationQuery(InstanceIdPrefix: "p\uD83D")));
        Assert.Contains("half of a surrogate pair", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => hub.SignalAsync(new EntityInstanceId("n", "\uDE00"), "nothing"));
    }

    [Fact]
    public async Task WaitForInstanceCompletionAsync_PurgedBeforeTheWaitGoesOn_SaysSo()
    {
        await using var hub = await new TestHub().Orchestrator("wait", context => context.WaitForExternalEvent<string>("go")).StartAsync();
        await hub.ScheduleAsync("wait", instanceId: "one");
        var late = new LateContext();
        var waiting = late.Run(() => hub.Client.WaitForInstanceCompletionAsync("one"));
        await hub.Client.RaiseEventAsync("one", "go", "done");
        await hub.CompletionAsync("one");
        await hub.Client.PurgeInstanceAsync("one");

        late.GoOn();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => waiting.WaitAsync(TestHub.Patience));
        Assert.Contains("'one' ended and was purged while", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> IdsAsync(TestHub hub, OrchestrationQuery? query)
    {
        List<string> ids = [];
        await foreach (var instance in hub.Client.GetAllInstancesAsync(query))
            ids.Add(instance.InstanceId);
        return ids;
    }

    private TestHub Simple() => new TestHub { Time = _time }
        .Orchestrator("echo", context => Task.FromResult(context.GetInput<int>()))
        .Orchestrator("waiting", context => context.WaitForExternalEvent<string>("go"));

    /// <summary>Lets an asynchronous method go on only when told to.</summary>
    private sealed class LateContext : SynchronizationContext
    {
        private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _posted = [];
        private volatile bool _goesOn;

        public Task<T> Run<T>(Func<Task<T>> act)
        {
            var before = Current;
            SetSynchronizationContext(this);
            try
            {
                return act();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }

        public override void Post(SendOrPostCallback d, object? state)
        {
            _posted.Enqueue((d, state));
            if (_goesOn)
                GoOn();
        }

        public void GoOn()
        {
            _goesOn = true;
            while (_posted.TryDequeue(out var posted))
                posted.Callback(posted.State);
        }
    }
}
