using Microsoft.DurableTask.Entities;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class EntityTests
{
    private static readonly EntityInstanceId One = new("Counter", "one");

    public static TheoryData<int> Cached => [1000, 0];

    [Fact]
    public async Task Signal_FromTheClient_ChangesTheState()
    {
        await using var hub = await Hub().StartAsync();

        await hub.SignalAsync(One, "add", 3);
        await hub.SignalAsync(One, "ADD", 4);

        var entity = await hub.BecomesAsync(One, 7);
        Assert.Equal(("@counter@one", 0, null), (entity.Id.ToString(), entity.BacklogQueueSize, entity.LockedBy));
    }

    [Theory]
    [MemberData(nameof(Cached))]
    public async Task Call_FromAnOrchestration_GivesTheResults(int maxCached)
    {
        await using var hub = await Hub(maxCached)
            .Orchestrator("count", async context =>
            {
                await context.Entities.SignalEntityAsync(One, "add", 1);
                await context.Entities.CallEntityAsync(One, "add", 2);
                var sums = new List<int> { await context.Entities.CallEntityAsync<int>(One, "add", 3) };
                sums.AddRange(await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => context.Entities.CallEntityAsync<int>(One, "add", 10))));
                return sums;
            })
            .StartAsync();

        Assert.Equal([6, 16, 26, 36, 46, 56], await hub.ResultAsync<List<int>>("count"));
    }

    [Fact]
    public async Task Call_OperationThrows_UndoesItAndTellsTheCaller()
    {
        await using var hub = await Hub()
            .Orchestrator("never", _ => Task.FromResult(1))
            .Orchestrator("fail", async context =>
            {
                await context.Entities.CallEntityAsync(One, "add", 5);
                try
                {
                    await context.Entities.CallEntityAsync(One, "AddThenFail", 100);
                    return "went well";
                }
                catch (EntityOperationFailedException failure)
                {
                    Assert.True(failure.FailureDetails.IsCausedBy<ArgumentException>());
                    return $"{failure.EntityId} {failure.OperationName}: {failure.FailureDetails.ErrorMessage} {await context.Entities.CallEntityAsync<int>(One, "get")}";
                }
            })
            .StartAsync();

        var result = await hub.ResultAsync<string>("fail");

        Assert.StartsWith("@counter@one AddThenFail: refused", result, StringComparison.Ordinal);
        Assert.EndsWith(" 5", result, StringComparison.Ordinal);
        Assert.Null(await hub.Client.GetInstanceAsync("started"));
        Assert.Null(await hub.Client.Entities.GetEntityAsync(new EntityInstanceId("counter", "other")));
    }

    [Fact]
    public async Task Batch_OneOperationThrows_KeepsTheOthers()
    {
        await using var hub = await Hub()
            .Orchestrator("mixed", async context =>
            {
                var before = context.Entities.CallEntityAsync<int>(One, "add", 1);
                var failing = context.Entities.CallEntityAsync(One, "AddThenFail", 100);
                var after = context.Entities.CallEntityAsync<int>(One, "add", 2);
                await Task.WhenAll(before, after);
                await Assert.ThrowsAsync<EntityOperationFailedException>(() => failing);
                return (await before * 10) + await after;
            })
            .StartAsync();

        Assert.Equal(13, await hub.ResultAsync<int>("mixed"));
    }

    [Theory]
    [InlineData("nobody", "No entity named 'nobody' is registered")]
    [InlineData("idle", "has not dispatched its operations")]
    [InlineData("broken", "out of order")]
    public async Task Call_EntityCannotRun_FailsWithTheReason(string name, string expected)
    {
        await using var hub = await Hub()
            .Entity("broken", () => throw new InvalidOperationException("out of order"))
            .Register(hub => hub.AddEntity("idle", (_, _) => Task.CompletedTask))
            .Orchestrator("call", async context => await context.Entities.CallEntityAsync<int>(new EntityInstanceId(name, "x"), "get"))
            .StartAsync();

        var instance = await hub.RunAsync("call");

        Assert.Equal(typeof(EntityOperationFailedException).FullName, instance.FailureDetails?.ErrorType);
        Assert.Contains(expected, instance.FailureDetails?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signal_WithATime_ArrivesThenAndNotBefore()
    {
        var time = new ManualTime();
        await using var hub = await Hub(time: time)
            .Orchestrator("later", async context =>
            {
                await context.Entities.SignalEntityAsync(One, "add", 20, new SignalEntityOptions { SignalTime = context.CurrentUtcDateTime.AddSeconds(20) });
                return 1;
            })
            .StartAsync();
        await hub.RunAsync("later");
        await hub.Client.Entities.SignalEntityAsync(One, "add", 10, new SignalEntityOptions { SignalTime = time.GetUtcNow().AddSeconds(10) });
        await hub.SignalAsync(One, "add", 1);
        await hub.BecomesAsync(One, 1);

        await hub.ReopenAsync();
        await time.AdvanceToTimerAsync(TimeSpan.FromSeconds(10));
        await hub.BecomesAsync(One, 11);
        await time.AdvanceToTimerAsync(TimeSpan.FromSeconds(10));

        await hub.BecomesAsync(One, 31);
    }

    [Fact]
    public async Task Operation_SignalsItselfWithADelay_IsCarriedOutThen()
    {
        var time = new ManualTime();
        await using var hub = await Hub(time: time).StartAsync();

        await hub.SignalAsync(One, "addLater", time.GetUtcNow().AddSeconds(30));
        await time.AdvanceToTimerAsync(TimeSpan.FromSeconds(30));

        await hub.BecomesAsync(One, 1);
    }

    [Fact]
    public async Task Operation_StartsAnOrchestration_RunsItOnce()
    {
        await using var hub = await Hub()
            .Orchestrator("echo", context => Task.FromResult($"{context.GetInput<string>()} for {context.Parent?.InstanceId}"))
            .Orchestrator("start", context => context.Entities.CallEntityAsync<string>(One, "startEcho", "hello"))
            .StartAsync();

        var instanceId = await hub.ResultAsync<string>("start") ?? "";

        Assert.Equal("echo-of-one", instanceId);
        Assert.Equal("hello for @counter@one", (await hub.CompletionAsync(instanceId)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Operation_StartsAnOrchestrationThatRuns_LeavesItAlone()
    {
        await using var hub = await Hub()
            .Orchestrator("echo", context => context.WaitForExternalEvent<string>("end"))
            .StartAsync();
        await hub.ScheduleAsync("echo", "first", "echo-of-one");

        await hub.SignalAsync(One, "startEcho", "second");
        await hub.SignalAsync(One, "add", 1);
        await hub.BecomesAsync(One, 1);
        await hub.Client.RaiseEventAsync("echo-of-one", "end", "done");

        var instance = await hub.CompletionAsync("echo-of-one");
        Assert.Equal(("first", "done"), (instance.ReadInputAs<string>(), instance.ReadOutputAs<string>()));
    }

    [Fact]
    public async Task Signals_MoreThanABatchHolds_AreAllCarriedOutInOrder()
    {
        var (batches, order) = (0, new List<int>());
        await using var hub = await new TestHub { Configure = options => options with { MaxEntityOperationBatchSize = 7 } }
            .Register(hub => hub.AddEntity("list", (work, _) =>
            {
                batches++;
                Assert.InRange(work.OperationCount, 1, 7);
                return work.RunAsync(new Listing(order));
            }))
            .Orchestrator("many", async context =>
            {
                var id = new EntityInstanceId("list", "x");
                for (var i = 0; i < 50; i++)
                    await context.Entities.SignalEntityAsync(id, "note", i);
                return await context.Entities.CallEntityAsync<int>(id, "count");
            })
            .StartAsync();

        Assert.Equal(50, await hub.ResultAsync<int>("many"));
        Assert.Equal(Enumerable.Range(0, 50), order);
        Assert.InRange(batches, 8, 51);
    }

    [Fact]
    public async Task Signal_WhileTheHubDrains_IsCarriedOutAfterTheNextStart()
    {
        await using var hub = await Hub().StartAsync();
        await hub.Hub.DrainAsync(CancellationToken.None);

        await hub.SignalAsync(One, "add", 9);
        Assert.Equal(0, await hub.StateAsync<int>(One));
        await hub.ReopenAsync();

        await hub.BecomesAsync(One, 9);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Drain_OperationInHand_WaitsForItOrGivesItUp(bool waits)
    {
        var (runs, began, release) = (0, new SemaphoreSlim(0), new TaskCompletionSource());
        await using var hub = await new TestHub()
            .Register(hub => hub.AddEntity("slow", (work, cancellationToken) => work.RunAsync(new Slow(async () =>
            {
                began.Release();
                if (Interlocked.Increment(ref runs) == 1)
                    await release.Task.WaitAsync(cancellationToken);
            }))))
            .StartAsync();
        var id = new EntityInstanceId("slow", "x");
        await hub.SignalAsync(id, "run", 1);
        await began.WaitAsync();

        using var late = new CancellationTokenSource();
        var draining = hub.Hub.DrainAsync(late.Token);
        if (waits)
            release.SetResult();
        else
            late.Cancel();
        await draining;
        await hub.ReopenAsync();

        await hub.BecomesAsync(id, 1);
        Assert.Equal(waits ? 1 : 2, runs);
    }

    private static TestHub Hub(int maxCached = 1000, TimeProvider? time = null) =>
        new TestHub { MaxCachedOrchestrations = maxCached, Time = time ?? TimeProvider.System }.Entity<Counter>("counter");

    private sealed class Listing(List<int> order) : TaskEntity<int>
    {
        public void Note(int number)
        {
            order.Add(number);
            State++;
        }

        public int Count() => State;
    }

    private sealed class Slow(Func<Task> wait) : TaskEntity<int>
    {
        public async Task Run(int amount)
        {
            await wait();
            State += amount;
        }
    }
}
