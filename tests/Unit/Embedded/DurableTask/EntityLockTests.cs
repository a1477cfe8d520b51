using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class EntityLockTests
{
    private static readonly EntityInstanceId A = new("account", "a");
    private static readonly EntityInstanceId B = new("account", "b");

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task Lock_ManyTransfersBothWays_LosesNothingAndEnds(int maxCached)
    {
        await using var hub = await Bank(maxCached).StartAsync();
        await hub.SignalAsync(A, "deposit", 100);
        await hub.SignalAsync(B, "deposit", 100);

        var transfers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => hub.ScheduleAsync("transfer", i % 2 == 0 ? new Transfer("a", "b", 30) : new Transfer("b", "a", 70))));
        var done = await Task.WhenAll(transfers.Select(hub.CompletionAsync));

        Assert.All(done, instance => Assert.Equal(OrchestrationRuntimeStatus.Completed, instance.RuntimeStatus));
        Assert.Equal(200, await hub.StateAsync<long>(A) + await hub.StateAsync<long>(B));
        Assert.Contains(done, instance => instance.ReadOutputAs<bool>());
    }

    [Fact]
    public async Task Lock_Held_KeepsOthersWaitingInOrder()
    {
        await using var hub = await Bank()
            .Orchestrator("hold", async context =>
            {
                await using (await context.Entities.LockEntitiesAsync(A))
                {
                    await context.Entities.CallEntityAsync(A, "deposit", 1);
                    await context.WaitForExternalEvent<string>("go");
                    return await context.Entities.CallEntityAsync<long>(A, "deposit", 1);
                }
            })
            .StartAsync();
        await hub.ScheduleAsync("hold", null, "holder");
        var held = await hub.BecomesAsync(A, 1L);
        Assert.Equal("holder", held.LockedBy);

        await hub.SignalAsync(A, "deposit", 100);
        await hub.SignalAsync(A, "deposit", 100);
        await Poll.UntilTrueAsync(() => hub.Client.Entities.GetEntityAsync(A).Result?.BacklogQueueSize == 2, () => "The signals do not wait.");
        await Poll.UntilTrueAsync(() => !hub.Hub.HasWork, () => "The waiting signals keep the engine at work.");
        await hub.Client.RaiseEventAsync("holder", "go", "");

        Assert.Equal(2, (await hub.CompletionAsync("holder")).ReadOutputAs<long>());
        Assert.Null((await hub.BecomesAsync(A, 202L)).LockedBy);
    }

    public static TheoryData<string, OrchestrationRuntimeStatus> Ends => new()
    {
        { "dispose", OrchestrationRuntimeStatus.Completed },
        { "return", OrchestrationRuntimeStatus.Completed },
        { "throw", OrchestrationRuntimeStatus.Failed },
        { "throw-in-using", OrchestrationRuntimeStatus.Failed },
        { "again", OrchestrationRuntimeStatus.Completed },
        { "terminate", OrchestrationRuntimeStatus.Terminated },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Lock_HoweverTheHolderEnds_IsGivenBack(string end, OrchestrationRuntimeStatus status)
    {
        await using var hub = await Bank()
            .Orchestrator("hold", async context =>
            {
                if (context.GetInput<string>() == "was here")
                    return 1;
                var section = await context.Entities.LockEntitiesAsync(A, B);
                await context.Entities.CallEntityAsync(A, "deposit", 1);
                await context.WaitForExternalEvent<string>("go");
                switch (end)
                {
                    case "dispose":
                        await section.DisposeAsync();
                        await section.DisposeAsync();
                        break;
                    case "throw":
                        throw new InvalidOperationException("over");
                    case "throw-in-using":
                        await using (section)
                            throw new InvalidOperationException("over");
                    case "again":
                        context.ContinueAsNew("was here");
                        break;
                }

                return 1;
            })
            .StartAsync();
        await hub.ScheduleAsync("hold", "first", "holder");
        await hub.BecomesAsync(A, 1L);
        await hub.SignalAsync(A, "deposit", 10);
        await hub.SignalAsync(B, "deposit", 10);

        if (end == "terminate")
            await hub.Client.TerminateInstanceAsync("holder");
        else
            await hub.Client.RaiseEventAsync("holder", "go", "");

        Assert.Equal(status, (await hub.CompletionAsync("holder")).RuntimeStatus);
        Assert.Null((await hub.BecomesAsync(A, 11L)).LockedBy);
        Assert.Null((await hub.BecomesAsync(B, 10L)).LockedBy);
    }

    [Fact]
    public async Task Lock_WaiterIsTerminated_IsNeverGivenToIt()
    {
        await using var hub = await Bank()
            .Orchestrator("hold", async context =>
            {
                await using (await context.Entities.LockEntitiesAsync(A, B))
                    return await context.WaitForExternalEvent<string>("go");
            })
            .StartAsync();
        await hub.ScheduleAsync("hold", null, "first");
        await Poll.UntilTrueAsync(() => Holders(hub).SequenceEqual(["first", "first"]), () => "The locks are not taken.");
        await hub.ScheduleAsync("hold", null, "second");
        await hub.Client.WaitForInstanceStartAsync("second");
        await hub.Client.TerminateInstanceAsync("second");
        await hub.CompletionAsync("second");

        await hub.Client.RaiseEventAsync("first", "go", "");
        await hub.CompletionAsync("first");

        await Poll.UntilTrueAsync(() => Holders(hub).Count == 0, () => $"Locked by {string.Join(", ", Holders(hub))}.");
        await hub.SignalAsync(A, "deposit", 1);
        await hub.BecomesAsync(A, 1L);
    }

    [Theory]
    [InlineData("held", "a lock of the entities '@account@a'")]
    [InlineData("called", "a call of 'balance' of the entity '@account@a'")]
    public async Task Rewind_FailedWithEntitiesInHand_IsRefused(string how, string expected)
    {
        await using var hub = await Bank()
            .Activity<string?, int>("broken", _ => Task.FromException<int>(new InvalidOperationException("broken")))
            .Orchestrator("fail", async context =>
            {
                if (how == "held")
                    await context.Entities.LockEntitiesAsync(A);
                else
                    _ = context.Entities.CallEntityAsync(A, "balance", input: null, options: null);
                if (how == "called")
                    throw new InvalidOperationException("at once");
                return await context.CallActivityAsync<int>("broken");
            })
            .StartAsync();
        await hub.RunAsync("fail", instanceId: "one");

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => hub.Client.RewindInstanceAsync("one", "mended"));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await hub.Client.GetInstanceAsync("one"))?.RuntimeStatus);
    }

    public static TheoryData<string, Func<TaskOrchestrationContext, Task>, string> Rules => new()
    {
        { "nested", context => context.Entities.LockEntitiesAsync(B), "must not lock" },
        { "sub-orchestration", context => context.CallSubOrchestratorAsync("transfer"), "must not call the sub-orchestration 'transfer'" },
        { "signal", context => context.Entities.SignalEntityAsync(A, "deposit", 1), "signalled in a critical section" },
        { "foreign", context => context.Entities.CallEntityAsync(new EntityInstanceId("account", "c"), "balance"), "not one of the locked" },
        { "twice", context => Task.WhenAll(context.Entities.CallEntityAsync(A, "balance"), context.Entities.CallEntityAsync(A, "balance")), "not answered" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task CriticalSection_WhatCouldDeadlock_IsRefused(string rule, Func<TaskOrchestrationContext, Task> act, string expected)
    {
        await using var hub = await Bank()
            .Orchestrator(rule, async context =>
            {
                await using (await context.Entities.LockEntitiesAsync(A))
                {
                    var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => act(context));
                    return refusal.Message;
                }
            })
            .StartAsync();

        Assert.Contains(expected, await hub.ResultAsync<string>(rule), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CriticalSection_WhatIsAllowed_IsDone()
    {
        await using var hub = await Bank()
            .Activity<int, int>("double", value => 2 * value)
            .Orchestrator("allowed", async context =>
            {
                List<string> story = [$"{context.Entities.InCriticalSection()}"];
                await using (await context.Entities.LockEntitiesAsync(B, A, B))
                {
                    Assert.True(context.Entities.InCriticalSection(out var free));
                    story.Add(string.Join(" ", free));
                    var call = context.Entities.CallEntityAsync<long>(A, "deposit", 1);
                    context.Entities.InCriticalSection(out free);
                    story.Add(string.Join(" ", free ?? []));
                    await context.Entities.SignalEntityAsync(new EntityInstanceId("account", "c"), "deposit", await context.CallActivityAsync<int>("double", 4));
                    await call;
                    story.Add($"{await context.Entities.CallEntityAsync<long>(A, "deposit", 1)}");
                }

                story.Add($"{context.Entities.InCriticalSection()}");
                await context.Entities.SignalEntityAsync(A, "deposit", 1);
                await using (await context.Entities.LockEntitiesAsync(A))
                    story.Add($"{await context.Entities.CallEntityAsync<long>(A, "balance")}");
                return story;
            })
            .StartAsync();

        Assert.Equal(["False", "@account@a @account@b", "@account@b", "2", "False", "3"], await hub.ResultAsync<List<string>>("allowed"));
        await hub.BecomesAsync(new EntityInstanceId("account", "c"), 8L);
    }

    internal static TestHub Bank(int maxCached = 1000, string? folder = null) => new TestHub
    {
        MaxCachedOrchestrations = maxCached,
        Folder = folder ?? Directory.CreateTempSubdirectory("task-hub-").FullName,
    }
        .Entity<Account>("account")
        .Orchestrator("transfer", async context =>
        {
            var transfer = context.GetInput<Transfer>()!;
            var (from, to) = (new EntityInstanceId("account", transfer.From), new EntityInstanceId("account", transfer.To));
            await using (await context.Entities.LockEntitiesAsync(from, to))
            {
                if (await context.Entities.CallEntityAsync<long>(from, "balance") < transfer.Amount)
                    return false;
                await context.Entities.CallEntityAsync(from, "withdraw", transfer.Amount);
                await context.Entities.CallEntityAsync(to, "deposit", transfer.Amount);
                return true;
            }
        });

    internal static List<string?> Holders(TestHub hub) =>
        [.. hub.Client.Entities.GetAllEntitiesAsync(new EntityQuery { IncludeTransient = true }).ToBlockingEnumerable().Select(entity => entity.LockedBy).Where(holder => holder is not null)];

    internal sealed record Transfer(string From, string To, long Amount);
}
