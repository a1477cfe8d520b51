using Microsoft.DurableTask.Client;
using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>One row that cannot be read holds up the one it is for, and nobody else.</summary>
public sealed class UnreadableMessageTests
{
    private readonly CollectingLoggers _loggers = new();

    public static TheoryData<string> Rows => ["{\"event\":\"fromALaterBuild\",\"taskId\":0}", "{\"taskId\":0}", "{\"event\":\"eventRai", ""];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Start_MessageOfAnOrchestrationUnreadable_SetsThatOneAside(string row)
    {
        await using var hub = await Waiting();
        await hub.ChangeStoppedAsync($"INSERT INTO inbox (id, instance_key, event) SELECT 1000000, key, '{row}' FROM instances WHERE instance_id = 'bad'");

        await hub.Client.RaiseEventAsync("bad", "go", "late");
        await hub.Client.RaiseEventAsync("good", "go", "fine");

        Assert.Equal("fine", (await hub.CompletionAsync("good")).ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await hub.Client.GetInstanceAsync("bad"))?.RuntimeStatus);
        Assert.Single(Errors, error => error.Contains("Message 1000000 in the inbox of orchestration bad cannot be read", StringComparison.Ordinal));

        // A build that reads it, or here a store without it, goes on where it was.
        await hub.ChangeStoppedAsync("DELETE FROM inbox WHERE id = 1000000");
        Assert.Equal("late", (await hub.CompletionAsync("bad")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Terminate_OrchestrationSetAside_EndsIt()
    {
        await using var hub = await Waiting();
        await hub.ChangeStoppedAsync("INSERT INTO inbox (id, instance_key, event) SELECT 1000000, key, '?' FROM instances WHERE instance_id = 'bad'");

        await hub.Client.TerminateInstanceAsync("bad", "unreadable");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await hub.CompletionAsync("bad")).RuntimeStatus);
        await hub.ReopenAsync();
        Assert.Single(Errors);
    }

    [Fact]
    public async Task Start_StartOfAnOrchestrationUnreadable_SetsItAsideUntilTerminated()
    {
        await using var hub = await Waiting();
        await hub.Client.ScheduleNewOrchestrationInstanceAsync(
            "wait", null, new Microsoft.DurableTask.StartOrchestrationOptions("later", DateTimeOffset.UnixEpoch.AddYears(1000)), CancellationToken.None);
        await hub.ChangeStoppedAsync("UPDATE inbox SET event = '?', visible_at = NULL WHERE instance_key = (SELECT key FROM instances WHERE instance_id = 'later')");

        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await hub.Client.GetInstanceAsync("later"))?.RuntimeStatus);
        await hub.Client.TerminateInstanceAsync("later");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await hub.CompletionAsync("later")).RuntimeStatus);
    }

    [Fact]
    public async Task Start_MessageOfAnEntityUnreadable_SetsThatOneAside()
    {
        await using var hub = await Waiting();
        var (good, bad) = (EntityTestExtensions.Id("counter", "good"), EntityTestExtensions.Id("counter", "bad"));
        await hub.ChangeStoppedAsync("INSERT INTO entity_inbox (id, entity_id, message) VALUES (1000000, '@counter@bad', '?')");

        await hub.SignalAsync(bad, "add", 1);
        await hub.SignalAsync(good, "add", 1);

        await hub.BecomesAsync(good, 1);
        Assert.Equal(0, await hub.StateAsync<int>(bad));
        Assert.Single(Errors, error => error.Contains("Message 1000000 in the inbox of entity @counter@bad cannot be read", StringComparison.Ordinal));
        await hub.ChangeStoppedAsync("DELETE FROM entity_inbox WHERE id = 1000000");
        await hub.BecomesAsync(bad, 1);
    }

    private IEnumerable<string> Errors => _loggers.LinesOf(typeof(TaskHub).FullName!).Where(line => line.Contains("cannot be read", StringComparison.Ordinal));

    /// <summary>The hub with two orchestrations that wait.</summary>
    private async Task<TestHub> Waiting()
    {
        var hub = await new TestHub { Loggers = _loggers }
            .Entity<Counter>("counter")
            .Orchestrator("wait", context => context.WaitForExternalEvent<string>("go"))
            .StartAsync();
        foreach (var id in new[] { "bad", "good" })
        {
            await hub.ScheduleAsync("wait", null, id);
            await hub.Client.WaitForInstanceStartAsync(id);
        }

        return hub;
    }
}
