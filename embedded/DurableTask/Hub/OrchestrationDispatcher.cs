using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Embedded.DurableTask;

/// <summary>
/// Gives instances their turns. One episode of an instance at a time, from its mail to its stored step; mail that comes meanwhile is
/// for the next. Executions that wait are kept in memory up to a limit; the others are replayed from their history.
/// </summary>
internal sealed partial class OrchestrationDispatcher(
    TaskHubOptions options, EpisodeRunner episodes, Func<StoreWriter> writer, TimeProvider time, ILogger logger)
{
    // So many turns of instances that have begun go before one of those that start, when both wait: a crowd of starts would else push
    // what has begun out of memory, to be replayed at each step.
    private const int TurnsBeforeStart = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, ActiveInstance> _instances = [];
    private readonly Queue<ActiveInstance> _begun = [];
    private readonly Queue<ActiveInstance> _starting = [];
    private readonly KeptExecutions _kept = new(options.MaxCachedOrchestrations);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FaultPolicy _faults = new(time);
    private readonly ILogger _logger = logger;
    private int _running;
    private int _unfinished;
    private int _turns;
    private bool _isStarted;
    private bool _isStopped;

    /// <summary>Begins with the episodes. Until then mail is only gathered.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _isStarted = true;
            BeginEpisodes();
        }
    }

    /// <summary>Keeps an instance from its turns until it is terminated. Before the start only.</summary>
    public void SetAside(long key, string instanceId)
    {
        lock (_lock)
            _instances[key] = new ActiveInstance(key, instanceId) { Phase = InstancePhase.NotStarted, IsHeld = true };
    }

    public void Deliver(Delivery delivery)
    {
        lock (_lock)
        {
            Add(delivery);
            BeginEpisodes();
        }
    }

    /// <summary>Delivers an activity's result, and runs what it sets off on the caller's thread, which has nothing else to do.</summary>
    public void DeliverAndRun(Delivery result)
    {
        ActiveInstance? next;
        lock (_lock)
        {
            if (_isStopped)
                KeepResults(result.Key, [result.Message]);
            else
                Add(result);
            next = NextToRun();
            BeginEpisodes();
        }

        if (next is not null)
            Run(next);
    }

    /// <summary>Begins no more episodes; ends when those begun are stored.</summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            _isStopped = true;

            // What those that run have left over is kept when they have ended.
            foreach (var instance in _instances.Values.Where(instance => instance.Phase != InstancePhase.Running))
                KeepResults(instance.Key, instance.Mail);
            if (_unfinished == 0)
                _idle.TrySetResult();
        }

        return _idle.Task;
    }

    private void Wake(long key)
    {
        lock (_lock)
        {
            if (!_instances.TryGetValue(key, out var instance))
                return;
            instance.IsWoken = true;
            if (instance.Phase == InstancePhase.Idle)
                MakeReady(instance);
            BeginEpisodes();
        }
    }

    private void Add(Delivery delivery)
    {
        if (!_instances.TryGetValue(delivery.Key, out var instance))
            _instances[delivery.Key] = instance = new ActiveInstance(delivery.Key, delivery.InstanceId);
        instance.Mail.Add(delivery.Message);
        if (instance.Phase == InstancePhase.Idle || (instance.Phase == InstancePhase.NotStarted && instance.IsBegunBy(delivery.Message)))
            MakeReady(instance);
    }

    private void MakeReady(ActiveInstance instance)
    {
        _kept.Remove(instance.Key);
        instance.Phase = InstancePhase.Ready;
        (instance.Loaded is null && instance.Mail.Exists(instance.IsBegunBy) ? _starting : _begun).Enqueue(instance);
    }

    private void BeginEpisodes()
    {
        while (NextToRun() is { } instance)
            ThreadPool.UnsafeQueueUserWorkItem(Run, instance, preferLocal: false);
    }

    /// <summary>The instance whose turn it is, as one that runs; null when none waits or none may run.</summary>
    private ActiveInstance? NextToRun()
    {
        if (!_isStarted || _isStopped || _running >= options.MaxConcurrentOrchestrations || _begun.Count + _starting.Count == 0)
            return null;
        var isStart = _begun.Count == 0 || (_starting.Count > 0 && ++_turns % TurnsBeforeStart == 0);
        var instance = (isStart ? _starting : _begun).Dequeue();
        instance.Phase = InstancePhase.Running;
        _running++;
        _unfinished++;
        return instance;
    }

    private void Run(ActiveInstance instance)
    {
        List<InboxMessage> mail;
        lock (_lock)
        {
            mail = instance.Mail;
            instance.Mail = [];
            instance.IsWoken = false;
        }

        var turn = episodes.Run(instance, mail, () => Wake(instance.Key));
        lock (_lock)
        {
            _running--;
            BeginEpisodes();
        }

        if (turn.Step is { } step)
        {
            writer().Write(step.Run, fault => Finish(instance, mail, fault is null ? turn : Turn.Faulted(fault)));
            return;
        }

        if (turn.Outcome == TurnOutcome.Gone)
            writer().Write(transaction => mail.ForEach(message => transaction.Discard(instance.Key, instance.InstanceId, message)), static _ => { });
        Finish(instance, mail, turn);
    }

    private void Finish(ActiveInstance instance, List<InboxMessage> mail, Turn turn)
    {
        lock (_lock)
        {
            instance.Phase = InstancePhase.Idle;
            switch (turn)
            {
                case { Step: { } step }:
                    instance.Faults = 0;
                    Advance(instance, step);
                    break;
                case { Outcome: TurnOutcome.Gone }:
                    instance.Loaded = null;
                    break;
                case { Outcome: TurnOutcome.Held or TurnOutcome.NotStarted }:
                    instance.IsHeld = turn.Outcome == TurnOutcome.Held;
                    instance.Mail = [.. mail, .. instance.Mail];
                    instance.Phase = instance.Mail.Exists(instance.IsBegunBy) ? InstancePhase.Idle : InstancePhase.NotStarted;
                    break;
                default:
                    instance.Mail = [.. mail, .. instance.Mail];
                    instance.Loaded = null;
                    RetryLater(instance, turn.Fault);
                    break;
            }

            if (instance.Phase == InstancePhase.Idle)
                Rest(instance);
            BeginEpisodes();
            _unfinished--;
            if (!_isStopped)
                return;
            KeepResults(instance.Key, instance.Mail);
            if (_unfinished == 0)
                _idle.TrySetResult();
        }
    }

    private void Advance(ActiveInstance instance, EpisodeStep step)
    {
        var (row, result) = (step.Instance, step.Result);
        if (result.End is { } end)
        {
            instance.Loaded = null;
            ThreadPool.UnsafeQueueUserWorkItem(_ => Report(row, end), null);
            return;
        }

        var status = result.IsSuspended ? OrchestrationRuntimeStatus.Suspended : OrchestrationRuntimeStatus.Running;
        instance.Loaded = instance.Loaded is { } loaded && options.MaxCachedOrchestrations > 0
            ? new LoadedExecution(row with { Status = status }, loaded.Execution, step.FirstSequence + result.NewEvents.Count)
            : null;
    }

    /// <summary>Either another turn at once, or kept in memory for the next, or dropped.</summary>
    private void Rest(ActiveInstance instance)
    {
        if (instance.Mail.Count > 0 || instance.IsWoken)
            MakeReady(instance);
        else if (instance.Loaded is not { } loaded)
            _instances.Remove(instance.Key);
        else if (_kept.Keep(instance, loaded.HistoryLength) is { } dropped)
            _instances.Remove(dropped.Key);
    }

    private void RetryLater(ActiveInstance instance, Exception? fault)
    {
        if (_isStopped)
            return;
        var delay = FaultPolicy.Delay(++instance.Faults);
        if (_faults.IsToBeSaid())
            LogFaulted(fault, instance.InstanceId, delay);
        instance.Phase = InstancePhase.Faulted;
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                lock (_lock)
                {
                    MakeReady(instance);
                    BeginEpisodes();
                }
            },
            null, delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Stores results that no episode of this process will take, so that their activities need not run again.</summary>
    private void KeepResults(long key, IEnumerable<InboxMessage> mail)
    {
        var results = mail.Where(message => message.ActivityId is not null).ToList();
        if (results.Count > 0)
            writer().Write(transaction => results.ForEach(result => transaction.KeepResult(key, result)), static _ => { });
    }

    private void Report(InstanceRow row, ExecutionEnd end)
    {
        if (end is Failed { Failure: var failure })
            LogFailed(row.Name, row.InstanceId, failure.ErrorType, failure.ErrorMessage);
        else
            LogEnded(row.Name, row.InstanceId, end.GetType().Name);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Orchestration {Orchestrator} ({InstanceId}) ended: {End}.")]
    private partial void LogEnded(string orchestrator, string instanceId, string end);

    [LoggerMessage(Level = LogLevel.Error, Message = "Orchestration {Orchestrator} ({InstanceId}) failed: {ErrorType}: {Reason}")]
    private partial void LogFailed(string orchestrator, string instanceId, string errorType, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "An episode of orchestration {InstanceId} could not be run or stored; it is tried again after {Delay}. "
        + "Others may fail too, which is not said again for a while. Look whether the disk is full or faulty.")]
    private partial void LogFaulted(Exception? exception, string instanceId, TimeSpan delay);
}
