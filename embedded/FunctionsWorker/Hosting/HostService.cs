using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.DurableTask;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Http;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>
/// The life of the host. The durable store opens before HTTP is served; triggers begin once it is. When told to stop, the host takes no more work,
/// finishes what is in hand within the drain timeout, gives back the rest, and only then stops serving.
/// </summary>
internal sealed partial class HostService(
    IServiceProvider services, FunctionCatalog functions, HostSettings settings, HostState state, IHostApplicationLifetime lifetime, TimeProvider time,
    ILoggerFactory loggers)
    : IHostedLifecycleService, IDisposable
{
    /// <summary>How long giving work back may take once the drain timeout has passed.</summary>
    private static readonly TimeSpan GiveBackTimeout = TimeSpan.FromSeconds(8);

    private readonly ILogger _logger = loggers.CreateLogger("Host");
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandon = new();
    private TaskHub? _hub;
    private Task _listening = Task.CompletedTask;
    private IReadOnlyList<Listener> _listeners = [];
    private volatile bool _isAborted;

    /// <summary>Whether a function runs for a trigger, an orchestration has something to do, or a timer is due.</summary>
    public bool HasWork => _hub?.HasWork == true || _listeners.Any(listener => listener.Work is not null);

    /// <summary>What that is, each in a few words.</summary>
    public IEnumerable<string> Work => (_hub?.Work ?? []).Concat(_listeners.Select(listener => listener.Work).OfType<string>());

    /// <summary>When an orchestration goes on by the clock alone, later than now.</summary>
    public DateTimeOffset? NextDurableTimer => _hub?.NextDue;

    /// <summary>When each schedule is next due.</summary>
    public IEnumerable<DateTimeOffset> NextSchedules => _listeners.Select(listener => listener.NextDue).OfType<DateTimeOffset>();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        LogFunctions(functions.Running.Count, string.Join(", ", functions.Running.Select(function => function.Name)));
        if (functions.SwitchedOff.Count > 0)
            LogSwitchedOff(functions.SwitchedOff.Count, string.Join(", ", functions.SwitchedOff));
        Notice();
        _hub = services.GetService<TaskHub>();
        if (_hub is null)
            return;
        await _hub.StartAsync(cancellationToken);
        LogHub(settings.Durable.HubName, settings.Embedded.StateDirectory);
    }

    private void Notice()
    {
        foreach (var warning in settings.Notices.Warnings)
            LogNotice(warning);
        if (settings.Notices.WithoutEffect.Count > 0)
            LogWithoutEffect(string.Join(", ", settings.Notices.WithoutEffect));
        foreach (var function in functions.Running.Where(function => function.Retry is not null && function.Trigger is not TimerTriggerSpec))
            LogRetryWithoutEffect(function.Name, function.Trigger.Type);
        if (functions.TriggeredBy<BlobTriggerSpec>().Where(blob => blob.Trigger.WantsEvents).Select(blob => blob.Function.Name).ToList() is { Count: > 0 } wantEvents)
            LogNoEvents(string.Join(", ", wantEvents));
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _listeners = services.GetRequiredService<ListenerFactory>().Create();
        _listening = Task.WhenAll(_listeners.Select(listener => Task.Run(() => ListenAsync(listener), CancellationToken.None)));
        state.Name = "Running";
        LogRunning(_listeners.Count);
        return Task.CompletedTask;
    }

    /// <summary>Ends as a killed process does, as far as the durable store goes: what is not on disk is lost, and nothing is drained.</summary>
    public async Task AbortAsync()
    {
        _isAborted = true;
        state.Name = "Stopping";
        if (_hub is not null)
            await _hub.AbortAsync();
        await _stopping.CancelAsync();
        await _abandon.CancelAsync();
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_isAborted)
            return;
        state.Name = "Stopping";
        LogDraining(settings.Embedded.DrainTimeout);
        await _stopping.CancelAsync();
        using var late = new CancellationTokenSource(settings.Embedded.DrainTimeout, time);
        var draining = Task.WhenAll(_listening, _hub?.DrainAsync(late.Token) ?? Task.CompletedTask);
        try
        {
            await draining.WaitAsync(late.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            LogGivingBack();
            await _abandon.CancelAsync();
            await Task.WhenAny(draining, Task.Delay(GiveBackTimeout, time, CancellationToken.None));
        }
        catch (Exception fault)
        {
            // Nothing is lost by it: what was not finished is taken up again at the next start.
            LogDrainFailed(fault);
        }

        LogDrained();
    }

    private async Task ListenAsync(Listener listener)
    {
        try
        {
            await listener.RunAsync(_stopping.Token, _abandon.Token);
        }
        catch (Exception defect)
        {
            // Listeners outlive the faults of storage; past anything else, a restart is better than a host that no longer listens.
            LogListenerDied(defect, listener.GetType().Name);
            lifetime.StopApplication();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stopping.Dispose();
        _abandon.Dispose();
    }

    [LoggerMessage(70, LogLevel.Information, "Functions that run ({Count}): {Names}")]
    private partial void LogFunctions(int count, string names);

    [LoggerMessage(79, LogLevel.Warning, "{Notice}")]
    private partial void LogNotice(string notice);

    [LoggerMessage(81, LogLevel.Information, "Settings of host.json that the genuine host knows and this one has no use for: {Names}")]
    private partial void LogWithoutEffect(string names);

    [LoggerMessage(82, LogLevel.Warning, "The function {Function} has a retry attribute, which its trigger ({Trigger}) does not honour, here as in the genuine host; only timers do. "
        + "A message is tried again as often as maxDequeueCount says, an activity as its caller's TaskOptions say")]
    private partial void LogRetryWithoutEffect(string function, string trigger);

    [LoggerMessage(83, LogLevel.Warning, "Blob triggers with the source EventGrid: {Functions}. Its events reach a host over the internet, and this one has no address there; "
        + "their containers are scanned instead, as with LogsAndContainerScan. The genuine host waits for the events")]
    private partial void LogNoEvents(string functions);

    [LoggerMessage(71, LogLevel.Information, "Functions switched off by settings ({Count}): {Names}")]
    private partial void LogSwitchedOff(int count, string names);

    [LoggerMessage(72, LogLevel.Information, "Task hub {Hub} is open in {Directory}")]
    private partial void LogHub(string hub, string directory);

    [LoggerMessage(73, LogLevel.Information, "The host runs, with {Count} listeners")]
    private partial void LogRunning(int count);

    [LoggerMessage(74, LogLevel.Information, "Stopping: no more work is taken; work in hand has {Timeout:c} to finish")]
    private partial void LogDraining(TimeSpan timeout);

    [LoggerMessage(75, LogLevel.Warning, "The time to finish has passed: the work still in hand is given back, to be taken up again")]
    private partial void LogGivingBack();

    [LoggerMessage(77, LogLevel.Critical, "A {Listener} ended unexpectedly; the host stops, to be started anew")]
    private partial void LogListenerDied(Exception exception, string listener);

    [LoggerMessage(78, LogLevel.Error, "The work in hand could not be drained in order; what was not finished is taken up again at the next start")]
    private partial void LogDrainFailed(Exception exception);

    [LoggerMessage(76, LogLevel.Information, "Drained: no work is in hand any more")]
    private partial void LogDrained();
}
