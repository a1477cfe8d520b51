using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class EntityReplayTests
{
    private static readonly EntityInstanceId One = new("counter", "one");
    private static readonly EntityInstanceId Two = new("counter", "two");

    public static TheoryData<string, Func<TaskOrchestrationContext, Task>, Func<TaskOrchestrationContext, Task>, string> Changes => new()
    {
        { "other-operation", Call(One, "add", 1), Call(One, "get"), "a call of 'add' of the entity '@counter@one'" },
        { "other-entity", Call(One, "get"), Call(Two, "get"), "asked for a call of 'get' of the entity '@counter@two'" },
        { "signal-for-call", Call(One, "get"), Signal(One), "asked for a signal 'add' to the entity '@counter@one'" },
        { "other-signal", Signal(One), Signal(Two), "a signal 'add' to the entity '@counter@one'" },
        { "fewer-locks", Lock(One, Two), Lock(One), "a lock of the entities '@counter@one', '@counter@two'" },
        { "no-lock", Lock(One), Call(One, "get"), "a lock of the entities '@counter@one'" },
        { "nothing", Lock(One), _ => Task.CompletedTask, "asked for nothing there" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Replay_CodeChangedMeanwhile_FailsAndSaysHow(
        string change, Func<TaskOrchestrationContext, Task> before, Func<TaskOrchestrationContext, Task> after, string expected)
    {
        var now = before;
        await using var hub = await new TestHub { MaxCachedOrchestrations = 0 }
            .Entity<Counter>("counter")
            .Orchestrator(change, async context =>
            {
                await now(context);
                context.SetCustomStatus("waits");
                return await context.WaitForExternalEvent<string>("go");
            })
            .StartAsync();
        var instanceId = await hub.ScheduleAsync(change);
        await Poll.UntilTrueAsync(() => hub.Client.GetInstanceAsync(instanceId, true).Result?.SerializedCustomStatus is not null, () => "The code did not get there.");

        now = after;
        await hub.Client.RaiseEventAsync(instanceId, "go");

        var instance = await hub.CompletionAsync(instanceId);
        Assert.Equal("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", instance.FailureDetails?.ErrorType);
        Assert.Contains(expected, instance.FailureDetails?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_SameCode_RepeatsCallsSignalsAndLocks()
    {
        await using var hub = await EntityLockTests.Bank(maxCached: 0).StartAsync();
        await hub.SignalAsync(new EntityInstanceId("account", "a"), "deposit", 5);
        Assert.True(await hub.ResultAsync<bool>("transfer", new EntityLockTests.Transfer("a", "b", 5)));
        var recording = await hub.Hub.ExportHistoryAsync(hub.Client.GetAllInstancesAsync().ToBlockingEnumerable().First().InstanceId, CancellationToken.None);

        var difference = OrchestrationReplayer.FindDifference(
            HistoryRecording.Parse(recording!.ToJson()),
            async context =>
            {
                var (from, to) = (new EntityInstanceId("account", "a"), new EntityInstanceId("account", "b"));
                await using (await context.Entities.LockEntitiesAsync(to, from))
                {
                    await context.Entities.CallEntityAsync<long>(from, "balance");
                    await context.Entities.CallEntityAsync(from, "withdraw", 5);
                    await context.Entities.CallEntityAsync(to, "deposit", 5);
                    return true;
                }
            },
            Microsoft.DurableTask.Converters.JsonDataConverter.Default);

        Assert.Null(difference);
    }

    private static Func<TaskOrchestrationContext, Task> Call(EntityInstanceId id, string operation, object? input = null) =>
        context => context.Entities.CallEntityAsync(id, operation, input);

    private static Func<TaskOrchestrationContext, Task> Signal(EntityInstanceId id) => context => context.Entities.SignalEntityAsync(id, "add", 1);

    private static Func<TaskOrchestrationContext, Task> Lock(params EntityInstanceId[] ids) => async context =>
    {
        await using (await context.Entities.LockEntitiesAsync(ids))
            await context.Entities.CallEntityAsync(One, "get");
    };
}
