using System.Collections.Immutable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>
/// One execution of an orchestration: applies events to the orchestrator's code, checks on replay that the code repeats its history,
/// and collects what it asks for. Does no I/O. One thread at a time.
/// </summary>
internal sealed class OrchestrationExecution
{
    private readonly Func<string, Func<TaskOrchestrationContext, Task<object?>>?> _findOrchestrator;
    private readonly EpisodePump _pump;
    private readonly AskedTasks _asked;
    private readonly Dictionary<int, OpenTask> _open = [];
    private readonly List<int> _cancelledTimers = [];
    private readonly Queue<HistoryEvent> _held = [];
    private Task<object?>? _run;
    private ContinueAsNewOptions? _continueAsNew;
    private CustomStatus? _customStatus;
    private ExecutionEnd? _end;
    private int _nextTaskId;
    private bool _isRewound;
    private bool _isSuspended;
    private bool _hasDiverged;

    /// <summary>
    /// <paramref name="findOrchestrator"/> gives the orchestrator of a name, or null. <paramref name="foreignWork"/> is called, on any thread,
    /// when the code is resumed from outside: the next episode will then fail the orchestration. <paramref name="confirmed"/> takes up, when given, what
    /// the code asks for as the history has it.
    /// </summary>
    public OrchestrationExecution(
        string instanceId,
        Func<string, Func<TaskOrchestrationContext, Task<object?>>?> findOrchestrator,
        DataConverter converter,
        ILoggerFactory loggers,
        Action foreignWork,
        ICollection<ScheduledAction>? confirmed = null)
    {
        InstanceId = instanceId;
        _findOrchestrator = findOrchestrator;
        Converter = converter;
        Loggers = loggers;
        _pump = new EpisodePump(foreignWork);
        _asked = new AskedTasks(confirmed);
        Events = new ExternalEvents(converter, _pump.CheckCurrent);
    }

    public string InstanceId { get; }

    public DataConverter Converter { get; }

    public ILoggerFactory Loggers { get; }

    public ExternalEvents Events { get; }

    /// <summary>The version of sub-orchestrations that are called without one.</summary>
    public string DefaultVersion { get; init; } = string.Empty;

    /// <summary>What the host says of itself to the code.</summary>
    public IReadOnlyDictionary<string, object?> Properties { get; init; } = ImmutableDictionary<string, object?>.Empty;

    /// <summary>Says what else of an exception the failure keeps.</summary>
    public IExceptionPropertiesProvider? ExceptionProperties { get; init; }

    public ExecutionStarted? Started { get; private set; }

    public DateTime Clock { get; private set; } = DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);

    public bool IsReplaying { get; private set; }

    /// <summary>How the code ended, as far as it has run; null when it goes on.</summary>
    public ExecutionEnd? End => _end;

    /// <summary>The code did not repeat its history, or awaited what cannot be repeated.</summary>
    public bool HasDiverged => _hasDiverged;

    /// <summary>Whether the code has asked for this and has no answer yet.</summary>
    public bool IsOpen(int taskId) => _open.ContainsKey(taskId);

    /// <summary>Ends the execution as failed without running its code any further.</summary>
    public void Refuse(FailureRecord failure) => (_hasDiverged, _end) = (true, new Failed(failure));

    /// <summary>Repeats what is in the history. When the code does not, the execution ends as failed.</summary>
    public void Replay(IReadOnlyList<HistoryEvent> history)
    {
        IsReplaying = true;
        foreach (var historyEvent in history)
        {
            if (!_hasDiverged)
                Guarded(() => ApplyRecorded(historyEvent));
        }

        if (!_hasDiverged && !_isRewound)
            Guarded(() => _asked.ThrowIfAny(Place));
        if (!_hasDiverged)
            Guarded(ThrowIfStuck);
        IsReplaying = false;

        // What the code has set beyond the history of a failure is new; all else is stored already.
        if (!_isRewound)
            _customStatus = null;
    }

    /// <summary>Applies what has newly arrived.</summary>
    public EpisodeResult RunEpisode(DateTime utcNow, IReadOnlyList<HistoryEvent> messages)
    {
        var start = new EpisodeStarted(utcNow);
        Clock = start.Utc;
        List<HistoryEvent> newEvents = [start];
        var taken = 0;
        for (; taken < messages.Count && _end is null; taken++)
        {
            // It stands in the history already, where the failures were.
            if (messages[taken] is not ExecutionRewound)
                newEvents.Add(messages[taken]);
            Guarded(() => Apply(messages[taken]));
        }

        Guarded(ThrowIfStuck);
        AddUnprocessed(messages.Skip(taken));

        // Kept, so that the execution can be rewound without losing what had arrived.
        if (_end is Failed)
            newEvents.AddRange(messages.Skip(taken).Where(RewindPlan.Wants));

        // Code that has diverged, or is terminated, sets nothing more going.
        var actions = _asked.TakeAll();
        if (_hasDiverged || _end is Terminated)
            actions.Clear();
        newEvents.AddRange(actions.Select(action => action.Event));
        if (ToEvent(_end) is { } completed)
            newEvents.Add(completed);
        List<int> cancelled = [.. _cancelledTimers];
        _cancelledTimers.Clear();
        var customStatus = _customStatus;
        _customStatus = null;
        return new EpisodeResult
        {
            NewEvents = newEvents,
            Actions = actions,
            CancelledTimers = cancelled,
            CustomStatus = customStatus,
            IsSuspended = _isSuspended,
            End = _end,
        };
    }

    public Task<string?> Schedule(
        Func<int, ScheduledEvent> create, string taskName, string? data, string version = "", IReadOnlyDictionary<string, string>? tags = null)
    {
        ThrowIfOutside();
        var taskId = _nextTaskId++;
        var task = new OpenTask(taskName);
        _asked.Add(new ScheduledAction(create(taskId), data) { Version = version, Tags = tags });
        _open.Add(taskId, task);
        return task.Task;
    }

    /// <summary>Asks for what has no answer.</summary>
    public void Send(Func<int, ScheduledEvent> create, string? data)
    {
        ThrowIfOutside();
        var taskId = _nextTaskId++;
        _asked.Add(new ScheduledAction(create(taskId), data));
    }

    public Task CreateTimer(DateTime fireAtUtc, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        var taskId = _nextTaskId;
        var timer = Schedule(id => new TimerCreated(id, fireAtUtc), "timer", null);
        if (cancellationToken.CanBeCanceled)
            _open[taskId].Cancellation = cancellationToken.Register(() => CancelTimer(taskId, cancellationToken));
        return timer;
    }

    public void SetCustomStatus(string? json)
    {
        ThrowIfOutside();
        _customStatus = new CustomStatus(json);
    }

    public void ContinueAsNew(ContinueAsNewOptions options)
    {
        ThrowIfOutside();
        _continueAsNew = options;
    }

    public void ThrowIfOutside()
    {
        if (!_pump.IsCurrent)
        {
            throw new InvalidOperationException(
                $"The context of orchestration '{InstanceId}' was used outside the orchestrator's own code, on another thread. "
                + "An orchestrator awaits only tasks of its context, and never with ConfigureAwait(false).");
        }
    }

    private static ExecutionCompleted? ToEvent(ExecutionEnd? end) => end switch
    {
        Completed completed => new ExecutionCompleted(true, completed.Output, null),
        Failed failed => new ExecutionCompleted(false, null, failed.Failure),
        _ => null,
    };

    private void ApplyRecorded(HistoryEvent historyEvent)
    {
        switch (historyEvent)
        {
            case EpisodeStarted episode:
                if (!_isRewound)
                    _asked.ThrowIfAny(Place);
                _isRewound = false;
                Clock = episode.Utc;
                break;
            case ExecutionRewound:
                _isRewound = true;
                break;
            case ScheduledEvent scheduled:
                _asked.Confirm(scheduled, Place);
                break;
            case ExecutionCompleted:
                break;
            default:
                if (_end is null)
                    Apply(historyEvent);
                break;
        }
    }

    private void Apply(HistoryEvent message)
    {
        switch (message)
        {
            case ExecutionStarted started:
                Started = started;
                _pump.Run(Start);
                break;
            case ExecutionTerminated terminated:
                _end = new Terminated(terminated.Output, terminated.IsRecursive);
                return;
            case ExecutionRewound:
                return;
            case ExecutionSuspended:
                _isSuspended = true;
                break;
            case ExecutionResumed:
                _isSuspended = false;

                // What the code ends without stays held: the next execution may want it.
                while (_run?.IsCompleted != true && _held.TryDequeue(out var held))
                    _pump.Run(() => Deliver(held));
                break;
            case var _ when _isSuspended:
                _held.Enqueue(message);
                break;
            default:
                _pump.Run(() => Deliver(message));
                break;
        }

        if (_run?.IsCompleted == true)
            _end = ReadEnd(_run);
    }

    private void Start()
    {
        var name = Started?.Name ?? throw new InvalidOperationException("The execution has not started.");
        if (_findOrchestrator(name) is not { } orchestrator)
        {
            _end = new Failed(new FailureRecord(
                "OrchestratorTaskNotFound", $"No orchestrator named '{name}' is registered. Check the name, or register it.", IsNonRetriable: true));
            return;
        }

        try
        {
            _run = orchestrator(new OrchestrationContext(this, Started));
        }
        catch (Exception exception)
        {
            _run = Task.FromException<object?>(exception);
        }

        // An orchestrator that ends on another thread has awaited with ConfigureAwait(false).
        _ = _run.ContinueWith(_ => _pump.CheckCurrent(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Deliver(HistoryEvent message)
    {
        switch (message)
        {
            case ActivityCompleted completed:
                Take(completed.TaskId)?.Succeed(completed.Result);
                break;
            case ActivityFailed failed:
                Take(failed.TaskId)?.Fail(failed.TaskId, failed.Failure);
                break;
            case TimerFired fired:
                Take(fired.TaskId)?.Succeed(null);
                break;
            case ChildCompleted completed:
                Take(completed.TaskId)?.Succeed(completed.Result);
                break;
            case ChildFailed failed:
                Take(failed.TaskId)?.Fail(failed.TaskId, failed.Failure);
                break;
            case EntityCallCompleted completed:
                Take(completed.TaskId)?.Succeed(completed.Result);
                break;
            case EntityCallFailed failed:
                Take(failed.TaskId)?.Fail(failed.TaskId, failed.Failure);
                break;
            case EntityLockGranted granted:
                Take(granted.TaskId)?.Succeed(null);
                break;
            case EventRaised raised:
                Events.Raise(raised.Name, raised.Data);
                break;
            default:
                throw new InvalidOperationException($"The history of orchestration '{InstanceId}' has an unexpected {message.GetType().Name}.");
        }
    }

    private OpenTask? Take(int taskId)
    {
        if (!_open.Remove(taskId, out var task))
            return null;
        task.Cancellation.Unregister();
        return task;
    }

    private void CancelTimer(int taskId, CancellationToken cancellationToken)
    {
        if (!_pump.CheckCurrent() || !_open.Remove(taskId, out var timer))
            return;
        if (!_asked.Withdraw(taskId) && !IsReplaying)
            _cancelledTimers.Add(taskId);
        timer.Cancel(cancellationToken);
    }

    private ExecutionEnd ReadEnd(Task<object?> run)
    {
        try
        {
            var result = run.GetAwaiter().GetResult();
            return _continueAsNew is null ? new Completed(Converter.Serialize(result)) : new ContinuedAsNew(NextExecution.After(Started, _continueAsNew, Converter));
        }
        catch (Exception exception)
        {
            return new Failed(FailureRecord.From(exception, ExceptionProperties));
        }
    }

    private void AddUnprocessed(IEnumerable<HistoryEvent> rest)
    {
        if (_end is not ContinuedAsNew { Next: var next })
            return;
        var early = Events.TakeEarly().Select(item => new EventRaised(item.Name, item.Data));
        _end = new ContinuedAsNew(NextExecution.WithUnprocessed(next, early.Concat(_held.Concat(rest)), _continueAsNew?.PreserveUnprocessedEvents == true));
    }

    private HistoryPlace Place(int step) => new(Started?.Name, InstanceId, step, Clock);

    private void ThrowIfStuck()
    {
        var awaitsDurably = _open.Count > 0 || Events.HasWaiters || _isSuspended || _end is not null || _run is null;
        if (_pump.SawForeignWork || !awaitsDurably)
            throw Divergence.AwaitsWhatIsNotDurable(Started?.Name);
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            _hasDiverged = true;
            _end = new Failed(FailureRecord.From(exception, ExceptionProperties));
        }
    }
}
