using Serverless.Tests.Unit.Embedded.DurableTask;

namespace Serverless.Tests.Unit.Embedded.Chaos;

/// <summary>The clock is set by an hour, either way, while orchestrations wait.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Timer_ClockSetForward_FiresWithinAMinute()
    {
        await using var hub = await WaitingFor(Hour).StartAsync();
        var instanceId = await hub.ScheduleAsync("wait");
        await _time.TimerSetAsync(Hour);

        _time.SetBy(Hour);
        _time.Advance(Minute);

        Assert.Equal(Hour + Minute, (await hub.CompletionAsync(instanceId)).ReadOutputAs<TimeSpan>());
    }

    [Fact]
    public async Task Timer_ClockSetBack_FiresOnceAtItsTime()
    {
        await using var hub = await WaitingFor(TimeSpan.FromMinutes(10)).StartAsync();
        var instanceId = await hub.ScheduleAsync("wait");
        await _time.TimerSetAsync(TimeSpan.FromMinutes(10));

        _time.SetBy(-Hour);
        _time.Advance(TimeSpan.FromMinutes(69));
        await _time.TimerSetAsync(Minute);
        Assert.False((await hub.Client.GetInstanceAsync(instanceId))?.IsCompleted);
        _time.Advance(Minute);

        Assert.Equal(TimeSpan.FromMinutes(10), (await hub.CompletionAsync(instanceId)).ReadOutputAs<TimeSpan>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Delay_BegunAfterTheClockWasSet_LastsAsLongAsAsked(int hours)
    {
        await using var hub = await new TestHub { Time = _time }
            .Orchestrator("wait", async context =>
            {
                await context.WaitForExternalEvent<string>("go");
                await context.CreateTimer(TimeSpan.FromSeconds(5), CancellationToken.None);
                return true;
            })
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("wait");
        await hub.Client.WaitForInstanceStartAsync(instanceId, CancellationToken.None);

        _time.SetBy(hours * Hour);
        await hub.Client.RaiseEventAsync(instanceId, "go");
        await _time.AdvanceToTimerAsync(TimeSpan.FromSeconds(5));

        Assert.True((await hub.CompletionAsync(instanceId)).ReadOutputAs<bool>());
    }

    private TestHub WaitingFor(TimeSpan delay) => new TestHub { Time = _time }
        .Orchestrator("wait", async context =>
        {
            var before = context.CurrentUtcDateTime;
            await context.CreateTimer(delay, CancellationToken.None);
            return context.CurrentUtcDateTime - before;
        });
}
