using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>The hub is stopped as if killed, again and again, while all kinds of work go on. The result is that of an undisturbed run.</summary>
public sealed class CrashTests
{
    public static TheoryData<int, int> Seeds => new MatrixTheoryData<int, int>([1, 2, 3, 4], [1000, 0]);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Crash_AtManyPoints_EndsWithTheUndisturbedResult(int seed, int maxCached)
    {
        var random = new Random(seed);
        await using var undisturbed = await Busy(maxCached).StartAsync();
        await using var disturbed = await Busy(maxCached).StartAsync();
        var expected = await undisturbed.RunAsync("everything", 5, "run");
        await disturbed.ScheduleAsync("everything", 5, "run");
        var crashes = 0;

        while ((await disturbed.Client.GetInstanceAsync("run"))?.IsCompleted != true && crashes < 40)
        {
            await Task.Delay(random.Next(12));
            await disturbed.CrashAsync();
            crashes++;
        }

        var result = await disturbed.CompletionAsync("run");
        Assert.Equal((expected.RuntimeStatus, expected.SerializedOutput), (result.RuntimeStatus, result.SerializedOutput));
        Assert.Equal(expected.SerializedCustomStatus, result.SerializedCustomStatus);
        Assert.Equal(Scheduled(undisturbed), Scheduled(disturbed));
        Assert.True(crashes > 1, "The run was over before it was disturbed.");
    }

    [Fact]
    public async Task Crash_ActivityHadRun_RunsItAgainOrKeepsItsResult()
    {
        var (runs, began) = (0, new SemaphoreSlim(0));
        await using var hub = await new TestHub()
            .Activity("slow", async (_, cancellationToken) =>
            {
                began.Release();
                if (Interlocked.Increment(ref runs) == 1)
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                return runs;
            })
            .Orchestrator("slow", context => context.CallActivityAsync<int>("slow"))
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("slow");
        await began.WaitAsync();

        await hub.CrashAsync();

        Assert.Equal(2, (await hub.CompletionAsync(instanceId)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Drain_ActivityEndsMeanwhile_KeepsItsResult()
    {
        var (runs, began, goOn) = (0, new SemaphoreSlim(0), new TaskCompletionSource());
        await using var hub = await new TestHub()
            .Activity("slow", async (_, _) =>
            {
                Interlocked.Increment(ref runs);
                began.Release();
                await goOn.Task;
                return 3;
            })
            .Orchestrator("slow", context => context.CallActivityAsync<int>("slow"))
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("slow");
        await began.WaitAsync();

        var drained = hub.Hub.DrainAsync(CancellationToken.None);
        goOn.SetResult();
        await drained;
        await hub.CrashAsync();

        Assert.Equal(3, (await hub.CompletionAsync(instanceId)).ReadOutputAs<int>());
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Crash_WhileClientsSchedule_KeepsExactlyWhatWasAcknowledged()
    {
        await using var hub = await Busy(1000).StartAsync();
        List<string> acknowledged = [];
        for (var round = 0; round < 5; round++)
        {
            using var stop = new CancellationTokenSource();
            var client = hub.Client;
            var scheduling = Task.WhenAll(Enumerable.Range(0, 4).Select(async lane =>
            {
                for (var i = 0; !stop.IsCancellationRequested; i++)
                {
                    try
                    {
                        var id = await client.ScheduleNewOrchestrationInstanceAsync("echo", i, new StartOrchestrationOptions($"{round}-{lane}-{i}"), CancellationToken.None);
                        lock (acknowledged)
                            acknowledged.Add(id);
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }
                }
            }));
            await Task.Delay(20);
            await hub.CrashAsync();
            stop.Cancel();
            await scheduling;
        }

        Assert.NotEmpty(acknowledged);
        foreach (var id in acknowledged)
            Assert.Equal(OrchestrationRuntimeStatus.Completed, (await hub.CompletionAsync(id)).RuntimeStatus);
    }

    internal static TestHub Busy(int maxCached, string? folder = null) => new TestHub
    {
        Folder = folder ?? Directory.CreateTempSubdirectory("task-hub-").FullName,
        MaxCachedOrchestrations = maxCached,
        MaxConcurrentActivities = 4,
    }
        .Activity<int, int>("double", value => 2 * value)
        .Activity("flaky", (item, _) => item.TaskId % 2 == 0 ? Task.FromResult(item.TaskId) : throw new IOException("odd task"))
        .Orchestrator("echo", context => Task.FromResult(context.GetInput<int>()))
        .Orchestrator("child", async context =>
        {
            var value = context.GetInput<int>();
            context.SendEvent("run", "progress", value);
            return await context.CallActivityAsync<int>("double", value);
        })
        .Orchestrator("everything", async context =>
        {
            List<string> story = [];
            var round = context.GetInput<int>();
            for (var i = 0; i < 5; i++)
                story.Add($"{await context.CallActivityAsync<int>("double", i)}");
            var fanned = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => context.CallActivityAsync<int>("double", i)));
            story.Add($"{fanned.Sum()}");
            context.SetCustomStatus($"round {round}");
            await context.CreateTimer(TimeSpan.FromMilliseconds(5), CancellationToken.None);
            story.Add(await context.CallActivityAsync<int>("flaky", TaskOptions.FromRetryHandler(_ => true)) % 2 == 0 ? "retried" : "odd");
            var children = Enumerable.Range(0, 3).Select(i => context.CallSubOrchestratorAsync<int>("child", (10 * round) + i)).ToList();
            for (var i = 0; i < 3; i++)
                await context.WaitForExternalEvent<int>("progress");
            story.Add($"{(await Task.WhenAll(children)).Sum()}");
            if (round > 0)
                context.ContinueAsNew(round - 1);
            return story;
        });

    /// <summary>What the last execution asked for, in order.</summary>
    internal static IReadOnlyList<string> Scheduled(TestHub hub) =>
    [
        .. (hub.Hub.ExportHistoryAsync("run", CancellationToken.None).Result?.ToJson() ?? "")
            .Split('\n')
            .Where(line => line.Contains("\"event\":", StringComparison.Ordinal)
                && (line.Contains("Scheduled", StringComparison.Ordinal) || line.Contains("timerCreated", StringComparison.Ordinal))),
    ];
}
