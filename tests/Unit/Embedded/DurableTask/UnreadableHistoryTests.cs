using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>A row of a history that cannot be read holds up its instance, and nobody else.</summary>
public sealed class UnreadableHistoryTests
{
    private const string OfBad = "instance_key = (SELECT key FROM instances WHERE instance_id = 'bad')";

    private readonly CollectingLoggers _loggers = new();
    private readonly ManualTime _time = new();

    public static TheoryData<string> Rows => ["[{\"event\":\"fromALaterBuild\",\"taskId\":0}]", "[{\"taskId\":0}]", "[{\"event\":\"eventRai", "", "null", "[null]"];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Episode_RowUnreadable_HoldsThatInstanceWithOneError(string row)
    {
        await using var hub = await WaitingAsync();
        await hub.ChangeStoppedAsync($"UPDATE history SET events = '{row}' WHERE {OfBad} AND sequence = 0");

        await hub.Client.RaiseEventAsync("bad", "go", "late");
        await hub.Client.RaiseEventAsync("good", "go", "fine");

        Assert.Equal("fine", (await hub.CompletionAsync("good")).ReadOutputAs<string>());
        await Poll.UntilTrueAsync(() => Errors.Any(), () => "No error was logged.");
        Assert.Contains("row (instance_key 1, sequence 0) of the table history, of orchestration 'bad', cannot be read", Errors.Single(), StringComparison.Ordinal);
        Assert.Null(_time.NextDue());
        await hub.Client.RaiseEventAsync("bad", "more");
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await hub.Client.GetInstanceAsync("bad"))?.RuntimeStatus);
        Assert.Single(Errors);
    }

    [Fact]
    public async Task Episode_RowReadableAgain_GoesOnWhereItWas()
    {
        await using var hub = await WaitingAsync();
        await hub.ChangeStoppedAsync($"UPDATE history SET events = '?' || events WHERE {OfBad} AND sequence = 0");
        await hub.Client.RaiseEventAsync("bad", "go", "late");
        await Poll.UntilTrueAsync(() => Errors.Any(), () => "No error was logged.");

        await hub.ChangeStoppedAsync($"UPDATE history SET events = substr(events, 2) WHERE {OfBad} AND sequence = 0");

        Assert.Equal("late", (await hub.CompletionAsync("bad")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Terminate_RowUnreadable_EndsTheInstanceAndTellsItsParent()
    {
        await using var hub = await WaitingAsync();
        await hub.ScheduleAsync("parent", instanceId: "parent");
        await Poll.UntilTrueAsync(() => hub.Client.GetInstanceAsync("child").Result?.RuntimeStatus == OrchestrationRuntimeStatus.Running, () => "The child did not start.");
        await hub.ChangeStoppedAsync("UPDATE history SET events = '?' WHERE instance_key = (SELECT key FROM instances WHERE instance_id = 'child')");

        await hub.Client.TerminateInstanceAsync("child", "unreadable");

        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "unreadable"), await EndAsync("child"));
        Assert.Equal((OrchestrationRuntimeStatus.Completed, "told"), await EndAsync("parent"));
        Assert.Equal(1, (await hub.Client.PurgeInstanceAsync("child")).PurgedInstanceCount);

        async Task<(OrchestrationRuntimeStatus, string?)> EndAsync(string id)
        {
            var instance = await hub.CompletionAsync(id);
            return (instance.RuntimeStatus, instance.ReadOutputAs<string>());
        }
    }

    [Fact]
    public async Task GetOrchestrationHistoryAsync_RowUnreadable_NamesTheRow()
    {
        await using var hub = await WaitingAsync();
        await hub.ChangeStoppedAsync($"UPDATE history SET events = '?' WHERE {OfBad}");

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => hub.Client.GetOrchestrationHistoryAsync("bad"));

        Assert.Contains("(instance_key 1, sequence 0)", fault.Message, StringComparison.Ordinal);
    }

    private IEnumerable<string> Errors => _loggers.LinesOf(typeof(TaskHub).FullName!).Where(line => line.Contains("bad", StringComparison.Ordinal));

    /// <summary>The hub with two orchestrations that wait; the keys are 1 and 2.</summary>
    private async Task<TestHub> WaitingAsync()
    {
        var hub = await new TestHub { Loggers = _loggers, Time = _time }
            .Orchestrator("wait", context => context.WaitForExternalEvent<string>("go"))
            .Orchestrator("parent", async context =>
            {
                try
                {
                    return await context.CallSubOrchestratorAsync<string>("wait", new SubOrchestrationOptions(instanceId: "child"));
                }
                catch (TaskFailedException)
                {
                    return "told";
                }
            })
            .StartAsync();
        foreach (var id in new[] { "bad", "good" })
        {
            await hub.ScheduleAsync("wait", null, id);
            await hub.Client.WaitForInstanceStartAsync(id);
        }

        return hub;
    }
}
