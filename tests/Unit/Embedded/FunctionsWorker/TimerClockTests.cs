using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker;
using Serverless.Tests.Unit.Embedded.DurableTask;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

/// <summary>A timer in a host of its own, whose clock is set while it waits. The clock begins at midnight.</summary>
public sealed class TimerClockTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clock-").FullName;
    private readonly ManualTime _timers = new();
    private readonly ConcurrentQueue<DateTimeOffset> _runs = new();
    private readonly SettableClock _clock;
    private IHost? _host;

    public TimerClockTests()
    {
        _clock = new SettableClock(_timers);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Clock_PutForwardAnHour_RunsOnceForWhatPassedAndGoesOn()
    {
        await StartAsync("0 */5 * * * *");
        await PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(["00:05:00"], Runs);

        _clock.Ahead = TimeSpan.FromHours(1);
        await PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(["00:05:00", "01:05:30"], Runs);
        await PassAsync(TimeSpan.FromSeconds(270));
        Assert.Equal(["00:05:00", "01:05:30", "01:10:00"], Runs);
    }

    [Fact]
    public async Task Clock_PutBackAnHour_GoesOnByTheClockAsItIs()
    {
        await StartAsync("0 */5 * * * *");
        await PassAsync(TimeSpan.FromMinutes(5));

        _clock.Ahead = TimeSpan.FromHours(-1);
        await PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(["00:05:00", "23:10:00"], Runs);
    }

    [Fact]
    public async Task Clock_PutBackAnHour_DoesNotRepeatTheTimeOfDay()
    {
        await StartAsync("0 5 0 * * *");
        await PassAsync(TimeSpan.FromMinutes(5));

        _clock.Ahead = TimeSpan.FromHours(-1);
        await PassAsync(TimeSpan.FromMinutes(65));
        Assert.Equal(["00:05:00"], Runs);
    }

    private IEnumerable<string> Runs => _runs.Select(run => run.ToString("HH:mm:ss", null));

    /// <summary>Lets that much time pass in steps of half a minute, which is as long as a timer waits without looking at the clock.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(30))
        {
            await _timers.AdvanceToTimerAsync(TimeSpan.FromSeconds(30));
            await Poll.UntilTrueAsync(() => _timers.NextDue() == TimeSpan.FromSeconds(30), () => $"The timer does not wait; it ran at {string.Join(", ", Runs)}.");
        }
    }

    private async Task StartAsync(string schedule)
    {
        var app = new EmbeddedApp { Directory = _directory, Assemblies = [new OneFunction()], Name = "clock", Time = _clock };
        var builder = EmbeddedFunctions.CreateBuilder(
            [
                "--EmbeddedHost:Urls=http://127.0.0.1:0", "--AzureFunctionsJobHost:functions:0=Clocked", "--AzureFunctionsJobHost:functionTimeout=-1",
                "--WEBSITE_TIME_ZONE=UTC", $"--schedule={schedule}", "--AzureWebJobsStorage=",
            ],
            app);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_runs);
        _host = builder.Build();
        await _host.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>This assembly without the functions of other tests.</summary>
    private sealed class OneFunction : Assembly
    {
        public override Type[] GetTypes() => [typeof(ClockedFunctions)];
    }

    /// <summary>A clock that shows more or less than the time that passed.</summary>
    private sealed class SettableClock(ManualTime timers) : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override long TimestampFrequency => timers.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => timers.GetUtcNow() + Ahead;

        public override long GetTimestamp() => timers.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => timers.CreateTimer(callback, state, dueTime, period);
    }
}

public sealed class ClockedFunctions(ConcurrentQueue<DateTimeOffset> runs, TimeProvider time)
{
    [Function("Clocked")]
    public void Run([TimerTrigger("%schedule%", UseMonitor = false)] TimerInfo timer) => runs.Enqueue(timer.IsPastDue ? DateTimeOffset.MaxValue : time.GetUtcNow());
}
