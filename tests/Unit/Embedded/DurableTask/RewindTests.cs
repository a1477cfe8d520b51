using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class RewindTests
{
    private readonly ManualTime _time = new();
    private readonly Dictionary<string, int> _runs = [];
    private bool _isMended;

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task RewindInstanceAsync_FailedActivityAmongMany_RunsThatOneAnewAndKeepsTheOthers(int maxCached)
    {
        await using var hub = await Workers(maxCached)
            .Orchestrator("parallel", async context =>
            {
                var parts = new[] { "a", "broken", "c" }.Select(part => context.CallActivityAsync<string>("work", part)).ToList();
                await Task.WhenAll(parts);
                return string.Join(",", parts.Select(part => part.Result)) + await context.CallActivityAsync<string>("work", "last");
            })
            .StartAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await hub.RunAsync("parallel", instanceId: "one")).RuntimeStatus);

        _isMended = true;
        await hub.Client.RewindInstanceAsync("one", "mended");
        var instance = await hub.CompletionAsync("one");

        Assert.Equal((OrchestrationRuntimeStatus.Completed, "a1,broken2,c1last1"), (instance.RuntimeStatus, instance.ReadOutputAs<string>()));
        Assert.Null(instance.FailureDetails);
        Assert.Contains("\"reason\": \"mended\"", (await hub.Hub.ExportHistoryAsync("one", CancellationToken.None))!.ToJson());
    }

    [Fact]
    public async Task RewindInstanceAsync_StillBroken_FailsAgainAndCanBeRewoundAgain()
    {
        await using var hub = await Workers().Orchestrator("single", context => context.CallActivityAsync<string>("work", "broken")).StartAsync();
        await hub.RunAsync("single", instanceId: "one");

        await hub.Client.RewindInstanceAsync("one", "hope");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await hub.CompletionAsync("one")).RuntimeStatus);
        _isMended = true;
        await hub.Client.RewindInstanceAsync("one", "mended");
        await hub.CrashAsync();

        // The crash may come between the activity's run and its result, which makes it run once more.
        Assert.StartsWith("broken", (await hub.CompletionAsync("one")).ReadOutputAs<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RewindInstanceAsync_RetriesUsedUp_DoesTheLastAttemptAnew()
    {
        var retry = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(5)));
        await using var hub = await Workers()
            .Orchestrator("retrying", async context => await context.CallActivityAsync<string>("work", "before")
                + await context.CallActivityAsync<string>("work", "broken", retry) + await context.CallActivityAsync<string>("work", "after"))
            .StartAsync();
        await hub.ScheduleAsync("retrying", instanceId: "one");
        await _time.AdvanceToTimerAsync(TimeSpan.FromSeconds(5));
        await _time.AdvanceToTimerAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await hub.CompletionAsync("one")).RuntimeStatus);

        _isMended = true;
        await hub.Client.RewindInstanceAsync("one", "mended");

        Assert.Equal("before1broken4after1", (await hub.CompletionAsync("one")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task RewindInstanceAsync_FailedSubOrchestration_IsRewoundWithIt()
    {
        await using var hub = await Workers()
            .Orchestrator("child", async context => await context.CallActivityAsync<string>("work", "first") + await context.CallActivityAsync<string>("work", "broken"))
            .Orchestrator("parent", async context => await context.CallActivityAsync<string>("work", "mine")
                + await context.CallSubOrchestratorAsync<string>("child", new SubOrchestrationOptions(instanceId: "c")))
            .StartAsync();
        await hub.RunAsync("parent", instanceId: "p");

        _isMended = true;
        await hub.Client.RewindInstanceAsync("p", "mended");

        Assert.Equal("mine1first1broken2", (await hub.CompletionAsync("p")).ReadOutputAs<string>());
        Assert.Equal("first1broken2", (await hub.CompletionAsync("c")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task RewindInstanceAsync_TasksPendingWhenItFailed_AreWaitedForAgain()
    {
        await using var hub = await Workers()
            .Orchestrator("quick", context => context.WaitForExternalEvent<string>("finish"))
            .Orchestrator("gathering", async context =>
            {
                var timer = context.CreateTimer(TimeSpan.FromHours(30), CancellationToken.None);
                var finished = context.CallSubOrchestratorAsync<string>("quick", new SubOrchestrationOptions(instanceId: "finished"));
                var purged = context.CallSubOrchestratorAsync<string>("quick", new SubOrchestrationOptions(instanceId: "purged"));
                await context.CallActivityAsync<string>("work", "broken");
                await timer;
                return await finished + await purged;
            })
            .StartAsync();
        await hub.RunAsync("gathering", instanceId: "one");
        await hub.Client.RaiseEventAsync("finished", "finish", "while it had failed, ");
        await hub.Client.RaiseEventAsync("purged", "finish", "lost");
        await hub.CompletionAsync("finished");
        await hub.CompletionAsync("purged");
        await hub.Client.PurgeInstanceAsync("purged");

        _isMended = true;
        await hub.Client.RewindInstanceAsync("one", "mended");
        await hub.Client.WaitForInstanceStartAsync("purged");
        await hub.Client.RaiseEventAsync("purged", "finish", "anew");
        await _time.AdvanceToTimerAsync(TimeSpan.FromDays(1));
        await _time.AdvanceToTimerAsync(TimeSpan.FromHours(6));

        Assert.Equal("while it had failed, anew", (await hub.CompletionAsync("one")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task RewindInstanceAsync_EventsCameWhileItFailed_AreThere()
    {
        using var gate = new Gate();
        await using var hub = await Workers()
            .Orchestrator("faulty", async context =>
            {
                var first = await context.WaitForExternalEvent<string>("first");
                if (_isMended)
                    return first + await context.WaitForExternalEvent<string>("second") + await context.WaitForExternalEvent<string>("second");
                gate.Pass();
                throw new InvalidDataException("a defect");
            })
            .StartAsync();
        await hub.ScheduleAsync("faulty", instanceId: "one");
        await hub.Client.RaiseEventAsync("one", "first", "1");
        await gate.WaitAsync(1);
        await hub.Client.RaiseEventAsync("one", "second", "2");
        await hub.Client.TerminateInstanceAsync("one", "too late");
        await hub.Client.RaiseEventAsync("one", "second", "3");
        gate.Open();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await hub.CompletionAsync("one")).RuntimeStatus);

        _isMended = true;
        await hub.CrashAsync();
        await hub.Client.RewindInstanceAsync("one", "mended");

        Assert.Equal("123", (await hub.CompletionAsync("one")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task RewindInstanceAsync_CancelledWhileTheDiskIsStuck_EndsTheWaitAndNotTheRewind()
    {
        await using var hub = await Workers().Orchestrator("single", context => context.CallActivityAsync<string>("work", "broken")).StartAsync();
        await hub.RunAsync("single", instanceId: "one");
        _isMended = true;
        using (hub.LockStore())
        {
            using var cancellation = new CancellationTokenSource();
            var rewinding = hub.Client.RewindInstanceAsync("one", "mended", cancellation.Token);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rewinding.WaitAsync(TestHub.Patience));
        }

        // The wait is over before the instance is taken up again: until then it is still the failed one.
        await Poll.UntilTrueAsync(
            () => hub.Client.GetInstanceAsync("one").Result?.RuntimeStatus == OrchestrationRuntimeStatus.Completed, () => "It was not rewound.");
        Assert.Equal("broken2", (await hub.CompletionAsync("one")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task RewindInstanceAsync_OrchestratorsOwnFaultMendedInItsCode_GoesOnWhereItFailed()
    {
        await using var hub = await Workers()
            .Orchestrator("faulty", async context =>
            {
                var before = await context.CallActivityAsync<string>("work", "before");
                if (!_isMended)
                    throw new InvalidDataException("a defect");
                context.SetCustomStatus("past the defect");
                return before + await context.CallActivityAsync<string>("work", "after");
            })
            .StartAsync();
        await hub.RunAsync("faulty", instanceId: "one");

        _isMended = true;
        await hub.Client.RewindInstanceAsync("one", "mended");
        var instance = await hub.CompletionAsync("one");

        Assert.Equal(("before1after1", "past the defect"), (instance.ReadOutputAs<string>(), instance.ReadCustomStatusAs<string>()));
        Assert.Equal(1, _runs["before"]);
    }

    [Fact]
    public async Task RewindInstanceAsync_CodeActedUponTheFailure_KeepsWhatItDidAndFailsAsBefore()
    {
        await using var hub = await Workers()
            .Orchestrator("compensating", async context =>
            {
                try
                {
                    return await context.CallActivityAsync<string>("work", "broken");
                }
                catch (TaskFailedException)
                {
                    await context.CallActivityAsync<string>("work", "compensation");
                    throw;
                }
            })
            .StartAsync();
        await hub.RunAsync("compensating", instanceId: "one");

        _isMended = true;
        await hub.Client.RewindInstanceAsync("one", "hope");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await hub.CompletionAsync("one")).RuntimeStatus);
        Assert.Equal((1, 1), (_runs["broken"], _runs["compensation"]));
    }

    [Fact]
    public async Task RewindInstanceAsync_UnknownOrNotFailed_Throws()
    {
        await using var hub = await Workers().Orchestrator("single", context => context.CallActivityAsync<string>("work", "fine")).StartAsync();
        await hub.RunAsync("single", instanceId: "done");

        await Assert.ThrowsAsync<ArgumentException>(() => hub.Client.RewindInstanceAsync("unknown", "why"));
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => hub.Client.RewindInstanceAsync("done", "why"));
        Assert.Contains("'done' is Completed", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Each part's result is its name and how often it ran; the broken one fails until it is mended.</summary>
    private TestHub Workers(int maxCached = 1000) => new TestHub { Time = _time, MaxCachedOrchestrations = maxCached }
        .Activity<string, string>("work", part =>
        {
            lock (_runs)
                _runs[part] = _runs.GetValueOrDefault(part) + 1;
            return part == "broken" && !_isMended ? throw new IOException("disk") : $"{part}{_runs[part]}";
        });
}
