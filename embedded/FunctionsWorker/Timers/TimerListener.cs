using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Timers;

/// <summary>
/// Runs one function on its schedule, on one replica of the app, one run at a time; an occurrence that passed during a run is made up for by one run after it.
/// </summary>
internal sealed partial class TimerListener(
    DeclaredFunction function, TimerTriggerSpec trigger, TimerStatusStore? store, HostLock? runner, FunctionInvoker invoker, TimeProvider time, ILogger logger) : Listener
{
    /// <summary>The clock may be set while a timer waits, which goes by time passed: so often is it looked at.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestPauseAfterFault = TimeSpan.FromSeconds(10);

    private ScheduleStatus _status = new();
    private DateTime _reckonedAt;
    private volatile bool _isReady;
    private volatile bool _isRunner;
    private volatile bool _isFiring;

    /// <summary>When a failed run is tried again, in ticks; 0 when none is.</summary>
    private long _retryAt;

    public override string? Work => HasWork ? $"the timer of {function.Name}" : null;

    public override DateTimeOffset? NextDue => Volatile.Read(ref _retryAt) is var retry and not 0
        ? new DateTimeOffset(retry, TimeSpan.Zero)
        : _isReady && _isRunner ? new DateTimeOffset(DateTime.SpecifyKind(_status.Next, DateTimeKind.Utc)) : null;

    private bool HasWork => Volatile.Read(ref _retryAt) is var retry and not 0
        ? retry <= Now.Ticks
        : !_isReady || _isFiring || (_isRunner && _status.Next <= Now);

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    public override Task RunAsync(CancellationToken stopping, CancellationToken abandon) => runner is null
        ? TickAsync(stopping, abandon)
        : runner.HoldAsync(held => TickAsync(held, abandon), () => _isReady = true, stopping);

    /// <param name="held">Fires when the app is stopped, or when another replica may run the timer.</param>
    /// <param name="abandon">Fires when a run in hand is to be given up.</param>
    private async Task TickAsync(CancellationToken held, CancellationToken abandon)
    {
        _isReady = false;
        var isPastDue = await RecallAsync(held);
        LogNext(function.Name, trigger.Schedule, _status.Next);
        _isRunner = true;
        try
        {
            if (!held.IsCancellationRequested && (isPastDue || trigger.RunOnStartup))
                await FireAsync(isPastDue, isPastDue ? "Timer fired, past due" : "Timer fired at startup", held, abandon);
            _isReady = true;
            while (await WaitAsync(held))
                await FireAsync(false, "Timer fired", held, abandon);
        }
        finally
        {
            _isRunner = false;
        }
    }

    /// <summary>Reads the status, as often as it takes to reach storage, for without it a missed occurrence would stay missed.</summary>
    private async Task<bool> RecallAsync(CancellationToken stopping)
    {
        Reckon(new ScheduleStatus { Next = trigger.Schedule.Next(Now), LastUpdated = Now });
        var faultDelay = new PollingDelay(TimeSpan.FromSeconds(1), LongestPauseAfterFault);
        while (store is not null && !stopping.IsCancellationRequested)
        {
            try
            {
                var stored = await store.ReadAsync(function.Id, stopping);
                var (status, isPastDue) = MissedOccurrence.Check(trigger.Schedule, stored, Now);
                Reckon(status);
                if (!isPastDue && !ReferenceEquals(stored, _status))
                    await store.WriteAsync(function.Id, _status, stopping);
                return isPastDue;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return false;
            }
            catch (Exception fault)
            {
                var pause = faultDelay.AfterNothing();
                LogNoStatus(function.Name, pause.TotalSeconds, StorageFault.Describe(fault));
                await Pause.ForAsync(pause, time, stopping);
            }
        }

        return false;
    }

    /// <summary>Waits for the next occurrence; false when told to stop.</summary>
    private async Task<bool> WaitAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (Now < _reckonedAt && trigger.Schedule.IsInterval)
            {
                // The clock was put back: what runs every so often goes on by the clock as it is; what has its time of the day had it.
                LogClockBack(function.Name, _reckonedAt - Now);
                Reckon(new ScheduleStatus { Last = _status.Last, Next = trigger.Schedule.Next(Now), LastUpdated = _status.LastUpdated });
            }

            var wait = _status.Next - Now;
            if (wait <= TimeSpan.Zero)
                return true;
            await Pause.ForAsync(wait < LongestWait ? wait : LongestWait, time, stopping);
        }

        return false;
    }

    /// <summary>Runs the function and notes that it ran.</summary>
    private async Task FireAsync(bool isPastDue, string reason, CancellationToken held, CancellationToken abandon)
    {
        _isFiring = true;
        try
        {
            await RunAndNoteAsync(isPastDue, reason, held, abandon);
        }
        finally
        {
            _isFiring = false;
        }
    }

    private async Task RunAndNoteAsync(bool isPastDue, string reason, CancellationToken held, CancellationToken abandon)
    {
        var began = Now;
        var info = new TimerInfo { IsPastDue = isPastDue, ScheduleStatus = trigger.Monitored ? TimerStatuses.Local(_status) : null };
        if (!await RunAsync(new TriggerPayload(info, reason), held, abandon))
            return;
        Reckon(new ScheduleStatus { Last = began, Next = trigger.Schedule.Next(began), LastUpdated = began });
        if (store is null)
            return;
        try
        {
            await store.WriteAsync(function.Id, _status, CancellationToken.None);
        }
        catch (Exception fault)
        {
            LogNotNoted(fault, function.Name);
        }
    }

    /// <summary>Runs the function, and again as its retry policy says; false when it was given up, and so is past due at the next start.</summary>
    private async Task<bool> RunAsync(TriggerPayload payload, CancellationToken held, CancellationToken abandon)
    {
        for (var retry = 0; ; retry++)
        {
            try
            {
                var attempt = function.Retry is { } policy ? payload with { Retry = new RetryAttempt(retry, policy) } : payload;
                await Task.Run(() => invoker.InvokeAsync(function, attempt, abandon), CancellationToken.None);
                return true;
            }
            catch (OperationCanceledException) when (abandon.IsCancellationRequested)
            {
                return false;
            }
            catch (Exception failure)
            {
                if (function.Retry?.Allows(retry + 1) is not true)
                {
                    LogFailed(function.Name, failure.GetType().Name, trigger.Schedule);
                    return true;
                }

                var pause = function.Retry.DelayBefore(retry + 1);
                LogRetry(function.Name, failure.GetType().Name, pause, retry + 1, function.Retry.MaxRetryCount);
                Volatile.Write(ref _retryAt, (Now + pause).Ticks);
                await Pause.ForAsync(pause, time, held);
                Volatile.Write(ref _retryAt, 0);
                if (held.IsCancellationRequested)
                    return false;
            }
        }
    }

    private void Reckon(ScheduleStatus status)
    {
        _reckonedAt = Now;
        _status = status;
    }

    [LoggerMessage(50, LogLevel.Information, "Timer of {Function} ({Schedule}): next at {Next:u}")]
    private partial void LogNext(string function, TimerSchedule schedule, DateTime next);

    [LoggerMessage(51, LogLevel.Warning, "Timer of {Function}: its status cannot be read from storage; trying again in {Seconds:0.0} s ({Fault})")]
    private partial void LogNoStatus(string function, double seconds, string fault);

    [LoggerMessage(52, LogLevel.Warning, "Timer of {Function}: the run failed with {Failure}; it runs again when next due ({Schedule})")]
    private partial void LogFailed(string function, string failure, TimerSchedule schedule);

    [LoggerMessage(53, LogLevel.Warning, "Timer of {Function}: the run could not be noted in storage; after a restart it may be repeated")]
    private partial void LogNotNoted(Exception exception, string function);

    [LoggerMessage(54, LogLevel.Warning, "Timer of {Function}: the run failed with {Failure}; it is tried again in {Pause:c} (retry {Retry} of {Most}, -1 being no limit)")]
    private partial void LogRetry(string function, string failure, TimeSpan pause, int retry, int most);

    [LoggerMessage(55, LogLevel.Warning, "Timer of {Function}: the clock was put back by {Distance:c}; the schedule goes on by the clock as it is")]
    private partial void LogClockBack(string function, TimeSpan distance);
}
