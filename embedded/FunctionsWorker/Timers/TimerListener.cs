using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Timers;

/// <summary>Runs one function on its schedule, one run at a time; an occurrence that passed during a run is made up for by one run after it.</summary>
internal sealed partial class TimerListener(
    DeclaredFunction function, TimerTriggerSpec trigger, TimerStatusStore? store, FunctionInvoker invoker, TimeProvider time, ILogger logger) : Listener
{
    /// <summary>A longer wait is taken in steps of this: a clock that is set anew does not move the timers that run, so it is looked at again after each.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestPauseAfterFault = TimeSpan.FromSeconds(10);

    private ScheduleStatus _status = new();
    private volatile bool _isReady;

    public override bool HasWork => !_isReady || _status.Next <= Now;

    public override DateTimeOffset? NextDue => _isReady ? new DateTimeOffset(DateTime.SpecifyKind(_status.Next, DateTimeKind.Utc)) : null;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    public override async Task RunAsync(CancellationToken stopping, CancellationToken abandon)
    {
        var isPastDue = await RecallAsync(stopping);
        LogNext(function.Name, trigger.Schedule, _status.Next);
        if (!stopping.IsCancellationRequested && (isPastDue || trigger.RunOnStartup))
            await FireAsync(isPastDue, isPastDue ? "Timer fired, past due" : "Timer fired at startup", abandon);

        _isReady = true;
        while (await WaitAsync(stopping))
            await FireAsync(false, "Timer fired", abandon);
    }

    /// <summary>Reads the status, as often as it takes to reach storage, for without it a missed occurrence would stay missed.</summary>
    private async Task<bool> RecallAsync(CancellationToken stopping)
    {
        _status = new ScheduleStatus { Next = trigger.Schedule.Next(Now), LastUpdated = Now };
        var faultDelay = new PollingDelay(TimeSpan.FromSeconds(1), LongestPauseAfterFault);
        while (store is not null && !stopping.IsCancellationRequested)
        {
            try
            {
                var stored = await store.ReadAsync(function.Id, stopping);
                (_status, var isPastDue) = MissedOccurrence.Check(trigger.Schedule, stored, Now);
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
            var wait = _status.Next - Now;
            if (wait <= TimeSpan.Zero)
                return true;
            await Pause.ForAsync(wait < LongestWait ? wait : LongestWait, time, stopping);
        }

        return false;
    }

    private async Task FireAsync(bool isPastDue, string reason, CancellationToken abandon)
    {
        var began = Now;
        var info = new TimerInfo { IsPastDue = isPastDue, ScheduleStatus = trigger.Monitored ? _status : null };
        try
        {
            await Task.Run(() => invoker.InvokeAsync(function, new TriggerPayload(info, reason), abandon), CancellationToken.None);
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            // Not noted as run, so that it is past due at the next start.
            return;
        }
        catch (Exception failure)
        {
            LogFailed(function.Name, failure.GetType().Name, trigger.Schedule);
        }

        _status = new ScheduleStatus { Last = began, Next = trigger.Schedule.Next(began), LastUpdated = Now };
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

    [LoggerMessage(50, LogLevel.Information, "Timer of {Function} ({Schedule}, UTC): next at {Next:u}")]
    private partial void LogNext(string function, TimerSchedule schedule, DateTime next);

    [LoggerMessage(51, LogLevel.Warning, "Timer of {Function}: its status cannot be read from storage; trying again in {Seconds:0.0} s ({Fault})")]
    private partial void LogNoStatus(string function, double seconds, string fault);

    [LoggerMessage(52, LogLevel.Warning, "Timer of {Function}: the run failed with {Failure}; it runs again when next due ({Schedule})")]
    private partial void LogFailed(string function, string failure, TimerSchedule schedule);

    [LoggerMessage(53, LogLevel.Warning, "Timer of {Function}: the run could not be noted in storage; after a restart it may be repeated")]
    private partial void LogNotNoted(Exception exception, string function);
}
