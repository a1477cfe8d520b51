using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class DeterminismTests
{
    public static TheoryData<string, Func<TaskOrchestrationContext, Task>> NonDurable => new()
    {
        { "delay", _ => Task.Delay(250) },
        { "endless", _ => new TaskCompletionSource().Task },
        { "task-run", _ => Task.Run(() => Task.Delay(250)) },
        { "delay-among-waits", context => Task.WhenAny(Task.Delay(250), context.WaitForExternalEvent<string>("never")) },
        { "configure-await-then-context", async context =>
            {
                await context.CallActivityAsync<string>("work").ConfigureAwait(false);
                await context.CallActivityAsync<string>("work");
            }
        },
        { "configure-await-at-the-end", async context =>
            {
                _ = context.WaitForExternalEvent<string>("never");
                await context.CallActivityAsync<string>("work").ConfigureAwait(false);
            }
        },
    };

    [Theory]
    [MemberData(nameof(NonDurable))]
    public async Task Await_OfWhatIsNotDurable_FailsTheOrchestration(string name, Func<TaskOrchestrationContext, Task> body)
    {
        await using var hub = await new TestHub()
            .Activity<string?, string>("work", _ => "done")
            .Orchestrator(name, async context =>
            {
                await body(context);
                return 1;
            })
            .StartAsync();

        var instance = await hub.RunAsync(name);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.Contains("context", instance.FailureDetails?.ErrorMessage);
    }

    [Fact]
    public async Task Await_OfContinuationsAndYields_StaysInTheEpisode()
    {
        await using var hub = await new TestHub { MaxCachedOrchestrations = 0 }
            .Activity<int, int>("square", value => value * value)
            .Orchestrator("chained", async context =>
            {
                await Task.Yield();
                var sums = await Task.WhenAll(Enumerable.Range(1, 3).Select(async i =>
                {
                    await Task.Yield();
                    return await context.CallActivityAsync<int>("square", i) + await context.CallActivityAsync<int>("square", 10 * i);
                }));
                return await context.CallActivityAsync<int>("square", sums.Sum()).ContinueWith(task => task.Result + 1, TaskScheduler.Current);
            })
            .StartAsync();

        Assert.Equal((1414 * 1414) + 1, await hub.ResultAsync<int>("chained"));
    }

    [Fact]
    public async Task NewGuidAndClock_OnReplay_AreTheSame()
    {
        List<(Guid, DateTime)> seen = [];
        await using var hub = await new TestHub { MaxCachedOrchestrations = 0 }
            .Activity<string?, string>("work", _ => "done")
            .Orchestrator("guids", async context =>
            {
                var guids = new[] { context.NewGuid(), context.NewGuid() };
                seen.Add((guids[0], context.CurrentUtcDateTime));
                Assert.NotEqual(guids[0], guids[1]);
                Assert.Equal(5, guids[0].Version);
                await context.CallActivityAsync<string>("work");
                await context.CallActivityAsync<string>("work");
                return guids;
            })
            .StartAsync();

        var (first, second) = (await hub.ResultAsync<Guid[]>("guids"), await hub.ResultAsync<Guid[]>("guids"));

        Assert.Equal(6, seen.Count);
        Assert.Equal(2, seen.Distinct().Count());
        Assert.Equal(4, first!.Concat(second!).Distinct().Count());
    }

    [Fact]
    public async Task ReplaySafeLogger_Replayed_WritesEachLineOnce()
    {
        var loggers = new CollectingLoggers();
        await using var hub = await new TestHub { MaxCachedOrchestrations = 0, Loggers = loggers }
            .Activity<string?, string>("work", _ => "done")
            .Orchestrator("logging", async context =>
            {
                var logger = context.CreateReplaySafeLogger("story");
                logger.LogInformation("first");
                await context.CallActivityAsync<string>("work");
                logger.LogInformation("second");
                await context.CallActivityAsync<string>("work");
                logger.LogInformation("third");
                return context.IsReplaying;
            })
            .StartAsync();

        Assert.False(await hub.ResultAsync<bool>("logging"));
        Assert.Equal(["first", "second", "third"], loggers.LinesOf("story"));
    }
}
