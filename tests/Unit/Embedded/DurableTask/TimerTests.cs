using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class TimerTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task CreateTimer_WithDelay_FiresAtItsTimeAndMovesTheClock()
    {
        await using var hub = await new TestHub { Time = _time }
            .Orchestrator("wait", async context =>
            {
                var before = context.CurrentUtcDateTime;
                await context.CreateTimer(TimeSpan.FromDays(90), CancellationToken.None);
                return context.CurrentUtcDateTime - before;
            })
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("wait");

        await _time.AdvanceToTimerAsync(TimeSpan.FromDays(90));

        Assert.Equal(TimeSpan.FromDays(90), (await hub.CompletionAsync(instanceId)).ReadOutputAs<TimeSpan>());
    }

    [Fact]
    public async Task CreateTimer_HubReopenedMeanwhile_StillFiresAtItsTime()
    {
        await using var hub = await new TestHub { Time = _time }.Orchestrator("wait", Wait).StartAsync();
        var instanceId = await hub.ScheduleAsync("wait");
        await _time.TimerSetAsync(TimeSpan.FromHours(1));

        _time.Advance(TimeSpan.FromMinutes(40));
        await hub.CrashAsync();
        await _time.AdvanceToTimerAsync(TimeSpan.FromMinutes(20));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await hub.CompletionAsync(instanceId)).RuntimeStatus);
    }

    [Fact]
    public async Task CreateTimer_DueWhileTheHubWasDown_FiresAtTheNextStart()
    {
        await using var hub = await new TestHub { Time = _time }.Orchestrator("wait", Wait).StartAsync();
        var instanceId = await hub.ScheduleAsync("wait");
        await _time.TimerSetAsync(TimeSpan.FromHours(1));

        await hub.Hub.DisposeAsync();
        _time.Advance(TimeSpan.FromHours(5));
        await hub.StartAsync();

        Assert.Equal(TimeSpan.FromHours(5), (await hub.CompletionAsync(instanceId)).ReadOutputAs<TimeSpan>());
    }

    [Fact]
    public async Task CreateTimer_InThePast_FiresAtOnce()
    {
        await using var hub = await new TestHub { Time = _time }
            .Orchestrator("past", async context =>
            {
                await context.CreateTimer(context.CurrentUtcDateTime.AddHours(-1), CancellationToken.None);
                return true;
            })
            .StartAsync();

        Assert.True(await hub.ResultAsync<bool>("past"));
    }

    [Fact]
    public async Task CreateTimer_Cancelled_ThrowsAndLeavesNoTimerBehind()
    {
        await using var hub = await new TestHub { Time = _time }
            .Orchestrator("cancel", async context =>
            {
                using var stop = new CancellationTokenSource();
                var timer = context.CreateTimer(TimeSpan.FromHours(1), stop.Token);
                await context.WaitForExternalEvent<string>("go");
                stop.Cancel();
                await Assert.ThrowsAsync<TaskCanceledException>(() => timer);
                return await context.WaitForExternalEvent<string>("go");
            })
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("cancel");
        await _time.TimerSetAsync(TimeSpan.FromHours(1));
        await hub.Client.RaiseEventAsync(instanceId, "go", "1");
        await Poll.UntilTrueAsync(() => History(hub, instanceId).Contains("\"1\""), () => "The event was not taken.");

        await hub.ReopenAsync();
        Assert.Null(_time.NextDue());
        await hub.Client.RaiseEventAsync(instanceId, "go", "2");

        Assert.Equal("2", (await hub.CompletionAsync(instanceId)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task StartAt_InTheFuture_StartsThen()
    {
        await using var hub = await new TestHub { Time = _time }
            .Orchestrator("later", context => context.WaitForExternalEvent<string>("early"))
            .StartAsync();
        var startAt = _time.GetUtcNow().AddHours(2);
        var instanceId = await hub.Client.ScheduleNewOrchestrationInstanceAsync("later", new StartOrchestrationOptions(null, startAt));
        await hub.Client.RaiseEventAsync(instanceId, "early", "came before the start");
        await hub.ReopenAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await hub.Client.GetInstanceAsync(instanceId))?.RuntimeStatus);
        await _time.AdvanceToTimerAsync(TimeSpan.FromHours(2));

        Assert.Equal("came before the start", (await hub.CompletionAsync(instanceId)).ReadOutputAs<string>());
    }

    private static async Task<TimeSpan> Wait(TaskOrchestrationContext context)
    {
        var before = context.CurrentUtcDateTime;
        await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
        return context.CurrentUtcDateTime - before;
    }

    private static string History(TestHub hub, string instanceId) =>
        hub.Hub.ExportHistoryAsync(instanceId, CancellationToken.None).GetAwaiter().GetResult()?.ToJson().Replace("\\\"", "\"", StringComparison.Ordinal) ?? "";
}
