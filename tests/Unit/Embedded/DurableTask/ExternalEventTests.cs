using Microsoft.DurableTask.Client;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class ExternalEventTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task WaitForExternalEvent_RaisedLater_GivesItsDataWithoutRegardToCase()
    {
        await using var hub = await new TestHub()
            .Orchestrator("approve", context => context.WaitForExternalEvent<int>("Approval"))
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("approve");
        await hub.Client.WaitForInstanceStartAsync(instanceId);

        await hub.CrashAsync();
        await hub.Client.RaiseEventAsync(instanceId, "aPPROVAL", 42);

        Assert.Equal(42, (await hub.CompletionAsync(instanceId)).ReadOutputAs<int>());
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task WaitForExternalEvent_ManyRaisedEarly_GivesThemInOrder(int maxCached)
    {
        await using var hub = await new TestHub { MaxCachedOrchestrations = maxCached }
            .Orchestrator("collect", async context =>
            {
                await context.WaitForExternalEvent<object?>("begin");
                List<int> received = [];
                while (received.Count < 20)
                    received.Add(await context.WaitForExternalEvent<int>("item"));
                return received;
            })
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("collect");
        for (var i = 0; i < 20; i++)
            await hub.Client.RaiseEventAsync(instanceId, i % 2 == 0 ? "item" : "ITEM", i);

        await hub.CrashAsync();
        await hub.Client.RaiseEventAsync(instanceId, "begin");

        Assert.Equal(Enumerable.Range(0, 20), (await hub.CompletionAsync(instanceId)).ReadOutputAs<List<int>>());
    }

    [Fact]
    public async Task WaitForExternalEvent_SeveralWaiters_ServesTheLatestFirst()
    {
        await using var hub = await new TestHub()
            .Orchestrator("stack", async context =>
            {
                var (first, second) = (context.WaitForExternalEvent<string>("e"), context.WaitForExternalEvent<string>("e"));
                return new[] { await first, await second };
            })
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("stack");
        await hub.Client.RaiseEventAsync(instanceId, "e", "one");
        await hub.Client.RaiseEventAsync(instanceId, "e", "two");

        Assert.Equal<string>(["two", "one"], (await hub.CompletionAsync(instanceId)).ReadOutputAs<string[]>() ?? []);
    }

    [Fact]
    public async Task WaitForExternalEvent_WaitersOfDifferentTypes_Throws()
    {
        await using var hub = await new TestHub()
            .Orchestrator("mixed", async context =>
            {
                _ = context.WaitForExternalEvent<string>("e");
                return await context.WaitForExternalEvent<int>("e");
            })
            .StartAsync();

        Assert.Contains("System.String", (await hub.RunAsync("mixed")).FailureDetails?.ErrorMessage);
    }

    [Fact]
    public async Task WaitForExternalEvent_TimeoutPasses_ThrowsAndKeepsALateEvent()
    {
        await using var hub = await new TestHub { Time = _time }
            .Orchestrator("timeout", async context =>
            {
                await Assert.ThrowsAsync<TaskCanceledException>(() => context.WaitForExternalEvent<string>("late", TimeSpan.FromMinutes(10)));
                await context.WaitForExternalEvent<object?>("begin");
                return await context.WaitForExternalEvent<string>("late");
            })
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("timeout");

        await _time.AdvanceToTimerAsync(TimeSpan.FromMinutes(10));
        await hub.Client.RaiseEventAsync(instanceId, "late", "still here");
        await hub.CrashAsync();
        await hub.Client.RaiseEventAsync(instanceId, "begin");

        Assert.Equal("still here", (await hub.CompletionAsync(instanceId)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForExternalEvent_InTimeWithTimeout_LeavesNoTimerBehind()
    {
        await using var hub = await new TestHub { Time = _time }
            .Orchestrator("in-time", async context =>
            {
                var answer = await context.WaitForExternalEvent<string>("answer", TimeSpan.FromMinutes(10));
                await context.WaitForExternalEvent<object?>("end");
                return answer;
            })
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("in-time");
        await _time.TimerSetAsync(TimeSpan.FromMinutes(10));

        await hub.Client.RaiseEventAsync(instanceId, "answer", "yes");
        await hub.Client.RaiseEventAsync(instanceId, "end");

        Assert.Equal("yes", (await hub.CompletionAsync(instanceId)).ReadOutputAs<string>());
        await hub.ReopenAsync();
        Assert.Null(_time.NextDue());
    }

    [Fact]
    public async Task WaitForExternalEvent_DataOfAnotherType_FailsTheWait()
    {
        await using var hub = await new TestHub()
            .Orchestrator("typed", context => context.WaitForExternalEvent<int>("number"))
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("typed");
        await hub.Client.RaiseEventAsync(instanceId, "number", "not a number");

        var instance = await hub.CompletionAsync(instanceId);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.Equal("System.Text.Json.JsonException", instance.FailureDetails?.ErrorType);
    }

    [Fact]
    public async Task SendEvent_ToAnotherOrchestration_ReachesIt()
    {
        await using var hub = await new TestHub()
            .Orchestrator("receiver", context => context.WaitForExternalEvent<string>("greeting"))
            .Orchestrator("sender", context =>
            {
                context.SendEvent("receiver-1", "greeting", "hello");
                context.SendEvent("nobody", "greeting", "lost");
                return Task.FromResult(true);
            })
            .StartAsync();
        await hub.ScheduleAsync("receiver", instanceId: "receiver-1");

        Assert.True(await hub.ResultAsync<bool>("sender"));
        Assert.Equal("hello", (await hub.CompletionAsync("receiver-1")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task RaiseEventAsync_UnknownOrFinishedInstance_IsDiscarded()
    {
        await using var hub = await new TestHub().Orchestrator("done", _ => Task.FromResult(1)).StartAsync();
        var instance = await hub.RunAsync("done");

        await hub.Client.RaiseEventAsync("unknown", "e", 1);
        await hub.Client.RaiseEventAsync(instance.InstanceId, "e", 1);

        await Assert.ThrowsAsync<ArgumentException>(() => hub.Client.RaiseEventAsync("", "e"));
        await Assert.ThrowsAsync<ArgumentException>(() => hub.Client.RaiseEventAsync("unknown", ""));
    }
}
