using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Embedded.DurableTask;
using Serverless.Embedded.FunctionsWorker;
using Serverless.Embedded.Testing;

namespace Serverless.Tests.Integration.Embedded.Testing;

public sealed class FunctionsTestAppTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly Journal _journal = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AdvanceAsync_PastTwoTimersOfADay_EndsTheOrchestrationAtItsTime()
    {
        await using var app = await StartAsync(Durable("WaitTwoDays", "NoteStep"));
        var id = await app.Durable.ScheduleNewOrchestrationInstanceAsync("WaitTwoDays", Cancelled);
        var watch = Stopwatch.StartNew();

        await app.AdvanceAsync(Day, Cancelled);
        Assert.Equal(["between"], _journal.Entries);
        await app.AdvanceAsync(Day, Cancelled);
        var ended = await app.WaitForInstanceAsync(id, Cancelled);

        Assert.InRange(ended.ReadOutputAs<TimeSpan>(), Day * 2, (Day * 2) + TimeSpan.FromMinutes(1));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        TestContext.Current.SendDiagnosticMessage($"Two days passed in {watch.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task AdvanceAsync_PastBothTimersAtOnce_FiresTheSecondADayAfterTheFirst()
    {
        await using var app = await StartAsync(Durable("WaitTwoDays", "NoteStep"));
        var id = await app.Durable.ScheduleNewOrchestrationInstanceAsync("WaitTwoDays", Cancelled);

        await app.AdvanceAsync(Day * 10, Cancelled);

        var ended = await app.Durable.GetInstanceAsync(id, getInputsAndOutputs: true, Cancelled);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended?.RuntimeStatus);
        Assert.InRange(ended!.ReadOutputAs<TimeSpan>(), Day * 2, (Day * 2) + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task AdvanceAsync_PastASchedule_RunsItsFunctionAtItsTime()
    {
        var times = new List<DateTimeOffset>();
        var clock = new TestClock(new DateTimeOffset(2030, 5, 1, 12, 0, 0, TimeSpan.Zero));
        _journal.Act = (_, _) =>
        {
            times.Add(clock.GetUtcNow());
            return Task.CompletedTask;
        };
        await using var app = await StartAsync(new FunctionsTestOptions { Functions = ["Tick"], Clock = clock, Settings = With("schedule", "0 0 3 * * *") });

        await app.AdvanceAsync(TimeSpan.FromHours(14), Cancelled);
        Assert.Empty(times);
        await app.AdvanceAsync(TimeSpan.FromHours(10), Cancelled);
        await app.AdvanceAsync(Day, Cancelled);

        Assert.Equal(["2030-05-02 03:00", "2030-05-03 03:00"], times.Select(time => time.ToString("yyyy-MM-dd HH:mm", null)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    public async Task AdvanceAsync_PastManyOccurrences_RunsEachAtItsTimeInOneStepAsInMany(int steps)
    {
        var start = new DateTimeOffset(2030, 5, 1, 12, 30, 0, TimeSpan.Zero);
        var clock = new TestClock(start);
        var times = new ConcurrentQueue<(string Entry, DateTimeOffset Time)>();
        _journal.Act = (entry, _) =>
        {
            times.Enqueue((entry, clock.GetUtcNow()));
            return Task.CompletedTask;
        };
        await using var app = await StartAsync(new FunctionsTestOptions
        {
            Functions = ["Tick", "Quarterly", "WaitTwoDays", "NoteStep"],
            Settings = With("schedule", "0 0 * * * *", "WEBSITE_TIME_ZONE", "UTC"),
            Clock = clock,
        });
        var id = await app.Durable.ScheduleNewOrchestrationInstanceAsync("WaitTwoDays", Cancelled);
        var watch = Stopwatch.StartNew();

        for (var step = 0; step < steps; step++)
            await app.AdvanceAsync(Day / steps, Cancelled);

        TestContext.Current.SendDiagnosticMessage($"A day with 120 occurrences passed in {steps} steps and {watch.ElapsedMilliseconds} ms");
        AssertEach(TimeSpan.FromHours(1), "tick on time monitored", new DateTimeOffset(2030, 5, 1, 13, 0, 0, TimeSpan.Zero), 24);
        AssertEach(TimeSpan.FromMinutes(15), "quarter", new DateTimeOffset(2030, 5, 1, 12, 45, 0, TimeSpan.Zero), 96);
        Assert.Single(times, run => run.Entry == "between");
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await app.Durable.GetInstanceAsync(id, Cancelled))?.RuntimeStatus);

        void AssertEach(TimeSpan every, string entry, DateTimeOffset first, int count)
        {
            var runs = times.Where(run => run.Entry == entry).Select(run => run.Time).ToList();
            Assert.Equal(count, runs.Count);
            Assert.All(runs.Index(), run => Assert.InRange(run.Item - (first + (run.Index * every)), TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        }
    }

    [Fact]
    public async Task AdvanceAsync_PastWorkThatDoesNotComeToRest_SaysWhatStillRunsAndMovesNoFurther()
    {
        var clock = new TestClock(new DateTimeOffset(2030, 5, 1, 12, 40, 0, TimeSpan.Zero));
        var release = new TaskCompletionSource();
        FunctionsTestApp? running = null;
        _journal.Act = async (entry, cancellationToken) =>
        {
            if (entry == "quarter" && !release.Task.IsCompleted)
                await running!.Durable.ScheduleNewOrchestrationInstanceAsync("TwoSteps", options: new StartOrchestrationOptions("steps"), cancellation: cancellationToken);
            await release.Task;
        };
        await using var app = running = await StartAsync(new FunctionsTestOptions
        {
            Functions = ["Quarterly", "TwoSteps", "NoteStep"],
            Settings = With("WEBSITE_TIME_ZONE", "UTC"),
            Clock = clock,
            Patience = TimeSpan.FromSeconds(10),
        });

        var late = await Assert.ThrowsAsync<TimeoutException>(() => app.AdvanceAsync(Day, Cancelled));
        var stopped = clock.GetUtcNow();
        release.SetResult();
        await app.AdvanceAsync(TimeSpan.FromMinutes(15), Cancelled);

        Assert.Contains("still in hand: activity NoteStep of steps; the timer of Quarterly.", late.Message, StringComparison.Ordinal);
        Assert.InRange(stopped, new DateTimeOffset(2030, 5, 1, 12, 45, 0, TimeSpan.Zero), new DateTimeOffset(2030, 5, 1, 12, 46, 0, TimeSpan.Zero));
        Assert.Equal(["quarter", "first", "second", "quarter"], _journal.Entries);
    }

    [Fact]
    public async Task Advance_WhileContainersAreLookedThrough_DelaysNoBlob()
    {
        await using var app = await StartAsync(new FunctionsTestOptions { Functions = ["BlobText"], Settings = With("container", "files"), Patience = TimeSpan.FromSeconds(20) });
        await app.Storage.UploadAsync("files/first", BinaryData.FromString("1"), Cancelled);
        await app.WaitUntilAsync(_ => Task.FromResult(_journal.Count("first=1") == 1), "the first blob to be found", Cancelled);

        // Each move ends the pause between two looks, and the next one falls into the look that follows.
        for (var hour = 0; hour < 100; hour++)
        {
            app.Clock.Advance(TimeSpan.FromHours(1));
            await app.Storage.Blob("files/first").ExistsAsync(Cancelled);
        }

        await app.Storage.UploadAsync("files/second", BinaryData.FromString("2"), Cancelled);
        await app.WaitUntilAsync(_ => Task.FromResult(_journal.Count("second=2") == 1), "the second blob to be found", Cancelled);
    }

    [Fact]
    public async Task RunTimerAsync_OfAFunction_RunsItNow()
    {
        await using var app = await StartAsync(new FunctionsTestOptions { Functions = ["Tick"], Settings = With("schedule", "0 0 3 1 1 *") });

        await app.RunTimerAsync("tick", Cancelled);

        Assert.Equal(["tick on time monitored"], _journal.Entries);
        var unknown = await Assert.ThrowsAsync<TestAppException>(() => app.RunTimerAsync("Tack", Cancelled));
        Assert.Contains("It has Tick.", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_OfSeveralAtOnce_GivesEachItsOwnStorageAddressAndStore()
    {
        var apps = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync(new FunctionsTestOptions
        {
            Functions = ["QueueText", "Hello", "TwoSteps", "NoteStep"],
            Settings = With("queue", "orders"),
        })));
        try
        {
            Assert.Equal(3, apps.Select(app => app.Http.BaseAddress).Distinct().Count());
            foreach (var (number, app) in apps.Index())
            {
                await app.Storage.SendAsync("orders", $"message {number}", Cancelled);
                Assert.Contains($"Hello {number}", await app.Http.GetStringAsync($"/api/hello?name={number}", Cancelled), StringComparison.Ordinal);
                await app.Durable.ScheduleNewOrchestrationInstanceAsync("TwoSteps", options: new StartOrchestrationOptions("the same id"), cancellation: Cancelled);
            }

            foreach (var app in apps)
            {
                Assert.Equal(0, await app.WaitForQueueDrainedAsync("orders", Cancelled));
                await app.WaitForInstanceAsync("the same id", Cancelled);
            }

            // Each of them noted in the one journal.
            Assert.Equal(["message 0#1", "message 1#1", "message 2#1"], _journal.Entries.Where(entry => entry.Contains('#', StringComparison.Ordinal)).Order());
        }
        finally
        {
            foreach (var app in apps)
                await app.DisposeAsync();
        }
    }

    [Fact]
    public async Task Settings_OfTheTest_WinOverThoseOfTheAppAndServicesToo()
    {
        var fake = new Journal();
        await using var app = await FunctionsTestApp.StartAsync(
            arguments =>
            {
                var builder = FunctionsApplication.CreateBuilder(arguments);
                builder.Configuration.AddInMemoryCollection(With("colour", "the app's"));
                builder.Services.AddSingleton(_journal);
                builder.Services.AddSingleton(TimeProvider.System);
                builder.Build().Run();
            },
            Assembly.GetExecutingAssembly(),
            Durable("TellSetting", "NoteStep", "TwoSteps") with { Settings = With("colour", "the test's"), ConfigureServices = services => services.AddSingleton(fake) });

        Assert.Equal("the test's", app.Services.GetRequiredService<IConfiguration>()["colour"]);
        Assert.Same(fake, app.Services.GetRequiredService<Journal>());
        Assert.Same(app.Clock, app.Services.GetRequiredService<TimeProvider>());
        Assert.DoesNotContain("Console", app.Services.GetRequiredService<IHostLifetime>().GetType().Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_EntryPointThatThrows_ThrowsTheSame()
    {
        var thrown = await Assert.ThrowsAsync<InvalidDataException>(() => FunctionsTestApp.StartAsync(
            _ => throw new InvalidDataException("no such file"), Assembly.GetExecutingAssembly(), Durable(), Cancelled));

        Assert.Equal("no such file", thrown.Message);
    }

    [Fact]
    public async Task StartAsync_AppThatIsWrong_ThrowsWhatIsWrong()
    {
        var thrown = await Assert.ThrowsAsync<HostStartException>(() => StartAsync(Durable("NoSuchFunction")));

        Assert.Contains("NoSuchFunction", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_EntryPointThatRunsNoHost_SaysSo()
    {
        var thrown = await Assert.ThrowsAsync<TestAppException>(() => FunctionsTestApp.StartAsync(_ => { }, Assembly.GetExecutingAssembly(), Durable(), Cancelled));

        Assert.Contains("ended before its host ran", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitForQueueDrainedAsync_WithWorkInHand_WaitsForItAndCountsPoison()
    {
        var release = new TaskCompletionSource();
        _journal.Act = async (entry, _) =>
        {
            await release.Task;
            if (entry.StartsWith("bad", StringComparison.Ordinal))
                throw new InvalidOperationException("bad");
        };
        await using var app = await StartAsync(new FunctionsTestOptions
        {
            Functions = ["QueueText"],
            Settings = With("queue", "orders", "AzureFunctionsJobHost:extensions:queues:maxDequeueCount", "1"),
        });
        await app.Storage.SendAsync("orders", "good", Cancelled);
        await app.Storage.SendAsync("orders", "bad", Cancelled);
        await app.WaitUntilAsync(_ => Task.FromResult(_journal.Entries.Count == 2), "both messages to be in hand", Cancelled);

        var drained = app.WaitForQueueDrainedAsync("orders", Cancelled);
        await app.Storage.Queues.GetQueueClient("orders").GetPropertiesAsync(Cancelled);
        Assert.False(drained.IsCompleted);
        release.SetResult();

        Assert.Equal(1, await drained);
        await app.WaitForIdleAsync(Cancelled);
    }

    [Fact]
    public async Task WaitForInstanceAsync_ThatNeverEnds_TellsItsStateAndTheLog()
    {
        await using var app = await StartAsync(Durable("WaitTwoDays", "NoteStep") with { Patience = TimeSpan.FromSeconds(2) });
        var id = await app.Durable.ScheduleNewOrchestrationInstanceAsync("WaitTwoDays", Cancelled);

        var late = await Assert.ThrowsAsync<TimeoutException>(() => app.WaitForInstanceAsync(id, Cancelled));

        Assert.Contains($"orchestration {id} to be over; it is Running", late.Message, StringComparison.Ordinal);
        Assert.Contains("The host runs", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CrashAsync_InTheMiddleOfAnActivity_LosesNothingThatWasDone()
    {
        var inHand = new TaskCompletionSource();
        _journal.Act = (entry, cancellationToken) =>
        {
            if (entry != "second" || inHand.Task.IsCompleted)
                return Task.CompletedTask;
            inHand.SetResult();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        };
        await using var app = await StartAsync(Durable("TwoSteps", "NoteStep"));
        var id = await app.Durable.ScheduleNewOrchestrationInstanceAsync("TwoSteps", Cancelled);
        await inHand.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

        await app.CrashAsync();
        Assert.Throws<TestAppException>(() => app.Durable);
        await app.StartAgainAsync(Cancelled);

        Assert.Equal("firstsecond", (await app.WaitForInstanceAsync(id, Cancelled)).ReadOutputAs<string>());
        Assert.Equal(["first", "second", "second"], _journal.Entries);
    }

    [Fact]
    public async Task RestartAsync_WhileATimerRuns_KeepsItAndTheClock()
    {
        await using var app = await StartAsync(Durable("WaitTwoDays", "NoteStep"));
        var id = await app.Durable.ScheduleNewOrchestrationInstanceAsync("WaitTwoDays", Cancelled);
        await app.AdvanceAsync(Day / 2, Cancelled);

        await app.RestartAsync(Cancelled);
        await app.AdvanceAsync(Day / 2, Cancelled);
        Assert.Equal(["between"], _journal.Entries);
        await app.AdvanceAsync(Day, Cancelled);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await app.WaitForInstanceAsync(id, Cancelled)).RuntimeStatus);
    }

    [Fact]
    public async Task Replay_OfARecording_FindsWhatChanged()
    {
        await using var app = await StartAsync(Durable("TwoSteps", "NoteStep"));
        var id = await app.Durable.ScheduleNewOrchestrationInstanceAsync("TwoSteps", Cancelled);
        await app.WaitForInstanceAsync(instance => instance.InstanceId == id && instance.IsCompleted, Cancelled);

        var recording = await app.ExportHistoryAsync(id, Cancelled);
        Assert.NotNull(recording);
        var changed = HistoryRecording.Parse(recording.ToJson().Replace("NoteStep", "NoteOtherStep", StringComparison.Ordinal));
        var unknown = HistoryRecording.Parse(recording.ToJson().Replace("TwoSteps", "ThreeSteps", StringComparison.Ordinal));

        Assert.Null(app.Replay.FindDifference(recording));
        Assert.Contains("NoteOtherStep", app.Replay.FindDifference(changed), StringComparison.Ordinal);
        Assert.Contains("there are only TwoSteps", app.Replay.FindDifference(unknown), StringComparison.Ordinal);
    }

    private static FunctionsTestOptions Durable(params string[] functions) => new() { Functions = functions, Storage = TestStorage.None };

    private static Dictionary<string, string?> With(params string[] settings) => settings.Chunk(2).ToDictionary(pair => pair[0], pair => (string?)pair[1]);

    private Task<FunctionsTestApp> StartAsync(FunctionsTestOptions options) => FunctionsTestApp.StartAsync(
        arguments =>
        {
            var builder = FunctionsApplication.CreateBuilder(arguments);
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddSingleton(_journal);
            builder.Build().Run();
        },
        Assembly.GetExecutingAssembly(),
        options,
        Cancelled);
}
