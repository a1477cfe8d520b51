using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>The hub is stopped as if killed while entities work. What they do takes effect exactly once.</summary>
public sealed class EntityCrashTests
{
    [Theory]
    [InlineData(1, 1000)]
    [InlineData(2, 0)]
    public async Task Crash_AtManyPoints_LosesAndDoublesNothing(int seed, int maxCached)
    {
        var random = new Random(seed);
        await using var hub = await EntityLockTests.Bank(maxCached)
            .Entity<Counter>("counter")
            .Orchestrator("echo", context => Task.FromResult(context.GetInput<string>()))
            .Orchestrator("load", async context =>
            {
                var counter = new EntityInstanceId("counter", "c");
                for (var i = 0; i < 20; i++)
                {
                    await context.Entities.SignalEntityAsync(counter, "add", 1);
                    await context.Entities.CallEntityAsync(counter, "add", 10);
                    await context.CallSubOrchestratorAsync<bool>("transfer", new EntityLockTests.Transfer(i % 2 == 0 ? "a" : "b", i % 2 == 0 ? "b" : "a", 10 + i));
                }

                return await context.Entities.CallEntityAsync<int>(counter, "get");
            })
            .StartAsync();
        await hub.SignalAsync(new EntityInstanceId("account", "a"), "deposit", 100);
        await hub.SignalAsync(new EntityInstanceId("account", "b"), "deposit", 100);
        var ids = new[] { "one", "two", "three" };
        foreach (var id in ids)
            await hub.ScheduleAsync("load", null, id);

        var crashes = 0;
        while (crashes < 40 && ids.Any(id => hub.Client.GetInstanceAsync(id).Result?.IsCompleted != true))
        {
            await Task.Delay(random.Next(15));
            await hub.CrashAsync();
            crashes++;
        }

        foreach (var id in ids)
            Assert.Equal(OrchestrationRuntimeStatus.Completed, (await hub.CompletionAsync(id)).RuntimeStatus);
        Assert.True(crashes > 1, "The work was over before it was disturbed.");
        await hub.BecomesAsync(new EntityInstanceId("counter", "c"), 3 * 20 * 11);
        Assert.Equal(200, await hub.StateAsync<long>(new EntityInstanceId("account", "a")) + await hub.StateAsync<long>(new EntityInstanceId("account", "b")));
        await Poll.UntilTrueAsync(() => EntityLockTests.Holders(hub).Count == 0, () => $"Locked by {string.Join(", ", EntityLockTests.Holders(hub))}.");
    }

    [Fact]
    public async Task Crash_MidOperation_RunsItAgainAndTakesEffectOnce()
    {
        var (runs, began) = (0, new SemaphoreSlim(0));
        await using var hub = await new TestHub()
            .Register(hub => hub.AddEntity("slow", (work, cancellationToken) => work.RunAsync(new Forwarding(async () =>
            {
                began.Release();
                if (Interlocked.Increment(ref runs) == 1)
                    await Task.Delay(Timeout.Infinite, cancellationToken);
            }))))
            .Entity<Counter>("counter")
            .StartAsync();
        var id = new EntityInstanceId("slow", "x");
        await hub.SignalAsync(id, "forward", 5);
        await began.WaitAsync();

        await hub.CrashAsync();

        await hub.BecomesAsync(new EntityInstanceId("counter", "target"), 5);
        await hub.BecomesAsync(id, 1);
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Crash_WhileClientsSignal_KeepsExactlyWhatWasAcknowledged()
    {
        await using var hub = await new TestHub().Entity<Counter>("counter").StartAsync();
        var (id, acknowledged, uncertain) = (new EntityInstanceId("counter", "c"), 0, 0);
        for (var round = 0; round < 5; round++)
        {
            var client = hub.Client;
            var signalling = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
            {
                while (true)
                {
                    try
                    {
                        await client.Entities.SignalEntityAsync(id, "add", 1);
                        Interlocked.Increment(ref acknowledged);
                    }
                    catch (ObjectDisposedException)
                    {
                        Interlocked.Increment(ref uncertain);
                        return;
                    }
                }
            }));
            await Task.Delay(20);
            await hub.CrashAsync();
            await signalling;
        }

        var last = 0;
        await Poll.UntilTrueAsync(() => (last = hub.StateAsync<int>(id).Result) >= acknowledged && !hub.Hub.HasWork, () => $"{last} of {acknowledged} signals were carried out.");
        Assert.True(acknowledged > 0);
        Assert.InRange(last, acknowledged, acknowledged + uncertain);
    }

    private sealed class Forwarding(Func<Task> wait) : TaskEntity<int>
    {
        public async Task Forward(int amount)
        {
            State++;
            Context.SignalEntity(new EntityInstanceId("counter", "target"), "add", amount);
            await wait();
        }
    }
}
