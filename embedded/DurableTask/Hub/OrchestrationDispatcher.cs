using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Embedded.DurableTask;

/// <summary>
/// Gives instances their turns. One episode of an instance at a time, from its mail to its stored step; mail that comes meanwhile is
/// for the next. Executions that wait are kept in memory up to a limit; the others are replayed from their history.
/// </summary>
internal sealed partial class OrchestrationDispatcher(
    TaskHubOptions options,
    StoreReader reader,
    Func<StoreWriter> writer,
    Func<InstanceRow, Action, OrchestrationExecution> createExecution,
    TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, ActiveInstance> _instances = [];
    private readonly Queue<ActiveInstance> _ready = [];
    private readonly LinkedList<ActiveInstance> _kept = [];
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger _logger = logger;
    private readonly VersionGate _versions = new(options);
    private int _running;
    private int _unfinished;
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

    public void Deliver(Delivery delivery)
    {
        lock (_lock)
        {
            if (!_instances.TryGetValue(delivery.Key, out var instance))
                _instances[delivery.Key] = instance = new ActiveInstance(delivery.Key, delivery.InstanceId);
            instance.Mail.Add(delivery.Message);
            if (instance.Phase == InstancePhase.Idle || (instance.Phase == InstancePhase.NotStarted && Starts(delivery.Message)))
                MakeReady(instance);
        }
    }

    /// <summary>Begins no more episodes; ends when those begun are stored.</summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            _isStopped = true;
            if (_unfinished == 0)
                _idle.TrySetResult();
        }

        return _idle.Task;
    }

    private static bool Starts(InboxMessage message) => message.Event is ExecutionStarted or ExecutionTerminated;

    private void Wake(long key)
    {
        lock (_lock)
        {
            if (!_instances.TryGetValue(key, out var instance))
                return;
            instance.IsWoken = true;
            if (instance.Phase == InstancePhase.Idle)
                MakeReady(instance);
        }
    }

    private void MakeReady(ActiveInstance instance)
    {
        if (instance.Kept is { } kept)
        {
            _kept.Remove(kept);
            instance.Kept = null;
        }

        instance.Phase = InstancePhase.Ready;
        _ready.Enqueue(instance);
        BeginEpisodes();
    }

    private void BeginEpisodes()
    {
        while (_isStarted && !_isStopped && _running < options.MaxConcurrentOrchestrations && _ready.TryDequeue(out var instance))
        {
            var mail = instance.Mail;
            instance.Mail = [];
            instance.IsWoken = false;
            instance.Phase = InstancePhase.Running;
            _running++;
            _unfinished++;
            ThreadPool.UnsafeQueueUserWorkItem(turn => _ = RunAsync(turn.instance, turn.mail), (instance, mail), preferLocal: false);
        }
    }

    private async Task RunAsync(ActiveInstance instance, List<InboxMessage> mail)
    {
        Turn turn;
        try
        {
            turn = RunCode(instance, mail);
        }
        catch (Exception exception)
        {
            turn = new Turn(TurnOutcome.Faulted, null, exception);
        }

        lock (_lock)
        {
            _running--;
            BeginEpisodes();
        }

        if (turn.Step is not null)
            turn = await StoreAsync(turn);
        Finish(instance, mail, turn);
    }

    private Turn RunCode(ActiveInstance instance, List<InboxMessage> mail)
    {
        if ((instance.Loaded ?? Load(instance)) is not { } loaded)
            return Discard(instance, mail);
        instance.Loaded = loaded;
        if (loaded.Mismatch is { } mismatch)
        {
            LogVersionMismatch(instance.InstanceId, mismatch.ErrorMessage);
            if (!_versions.FailsMismatches)
                return new Turn(TurnOutcome.Rejected, null, null);
        }

        if (loaded.HistoryLength == 0 && !mail.Exists(Starts))
            return new Turn(TurnOutcome.NotStarted, null, null);

        var now = time.GetUtcNow().UtcDateTime;
        var result = loaded.Execution.RunEpisode(now, Current(loaded, mail));
        return new Turn(
            TurnOutcome.Stored, new EpisodeStep(loaded.Row, loaded.HistoryLength, [.. mail.Select(message => message.Id)], result, now), null);
    }

    private static IReadOnlyList<HistoryEvent> Current(LoadedExecution loaded, List<InboxMessage> mail)
    {
        var current = mail.Where(message => message.Execution is null || message.Execution == loaded.Row.Execution).Select(message => message.Event).ToList();

        // What is terminated before it has started need not start.
        return loaded.HistoryLength == 0 && current.OfType<ExecutionTerminated>().FirstOrDefault() is { } terminated
            ? [terminated]
            : [.. current.OrderBy(message => message is not ExecutionStarted).SelectMany(WithCarried)];
    }

    private static IEnumerable<HistoryEvent> WithCarried(HistoryEvent message) =>
        message is ExecutionStarted { Carried: { } carried } started ? [started with { Carried = null }, .. carried] : [message];

    private LoadedExecution? Load(ActiveInstance instance)
    {
        if (reader.GetRow(instance.Key) is not { IsFinished: false } row)
            return null;
        var execution = createExecution(row, () => Wake(instance.Key));
        var history = reader.GetHistory(instance.Key);
        if (_versions.Check(row.Version) is { } mismatch)
        {
            execution.Refuse(mismatch);
            return new LoadedExecution(row, execution, history.Count) { Mismatch = mismatch };
        }

        execution.Replay(history);
        return new LoadedExecution(row, execution, history.Count);
    }

    /// <summary>Mail for an instance that is finished or gone.</summary>
    private Turn Discard(ActiveInstance instance, List<InboxMessage> mail)
    {
        _ = writer().WriteAsync(transaction =>
        {
            mail.ForEach(message => transaction.Discard(instance.Key, instance.InstanceId, message));
            return true;
        });
        return new Turn(TurnOutcome.Gone, null, null);
    }

    private async Task<Turn> StoreAsync(Turn turn)
    {
        try
        {
            await writer().WriteAsync(turn.Step!.Run);
            return turn;
        }
        catch (Exception exception)
        {
            return turn with { Outcome = TurnOutcome.Faulted, Fault = exception };
        }
    }

    private void Finish(ActiveInstance instance, List<InboxMessage> mail, Turn turn)
    {
        lock (_lock)
        {
            instance.Phase = InstancePhase.Idle;
            switch (turn)
            {
                case { Outcome: TurnOutcome.Stored, Step: { } step }:
                    Advance(instance, step);
                    break;
                case { Outcome: TurnOutcome.Gone }:
                    instance.Loaded = null;
                    break;
                case { Outcome: TurnOutcome.Rejected }:
                    instance.Mail = [.. mail, .. instance.Mail];
                    instance.Phase = InstancePhase.NotStarted;
                    instance.Loaded = null;
                    break;
                case { Outcome: TurnOutcome.NotStarted }:
                    instance.Mail = [.. mail, .. instance.Mail];
                    instance.Phase = instance.Mail.Exists(Starts) ? InstancePhase.Idle : InstancePhase.NotStarted;
                    break;
                default:
                    instance.Mail = [.. mail, .. instance.Mail];
                    instance.Loaded = null;
                    RetryLater(instance, turn.Fault);
                    break;
            }

            if (instance.Phase == InstancePhase.Idle)
                Rest(instance);
            _unfinished--;
            if (_isStopped && _unfinished == 0)
                _idle.TrySetResult();
        }
    }

    private void Advance(ActiveInstance instance, EpisodeStep step)
    {
        var (row, result) = (step.Instance, step.Result);
        if (result.End is null)
        {
            if (options.MaxCachedOrchestrations == 0)
            {
                instance.Loaded = null;
                return;
            }

            var status = result.IsSuspended ? OrchestrationRuntimeStatus.Suspended : OrchestrationRuntimeStatus.Running;
            instance.Loaded = new LoadedExecution(row with { Status = status }, instance.Loaded!.Execution, step.FirstSequence + result.NewEvents.Count);
            return;
        }

        instance.Loaded = null;
        if (result.End is Failed { Failure: var failure })
            LogFailed(row.Name, row.InstanceId, failure.ErrorType, failure.ErrorMessage);
        else
            LogEnded(row.Name, row.InstanceId, result.End.GetType().Name);
    }

    /// <summary>Either another turn at once, or kept in memory for the next, or dropped.</summary>
    private void Rest(ActiveInstance instance)
    {
        if (instance.Mail.Count > 0 || instance.IsWoken)
        {
            MakeReady(instance);
            return;
        }

        if (instance.Loaded is null)
        {
            _instances.Remove(instance.Key);
            return;
        }

        instance.Kept = _kept.AddLast(instance);
        while (_kept.Count > options.MaxCachedOrchestrations && _kept.First is { } longestIdle)
        {
            _kept.RemoveFirst();
            _instances.Remove(longestIdle.Value.Key);
        }
    }

    private void RetryLater(ActiveInstance instance, Exception? fault)
    {
        if (_isStopped)
            return;
        LogFaulted(fault, instance.InstanceId, RetryDelay);
        instance.Phase = InstancePhase.Running;
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                lock (_lock)
                    MakeReady(instance);
            },
            null, RetryDelay, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Orchestration {Orchestrator} ({InstanceId}) ended: {End}.")]
    private partial void LogEnded(string orchestrator, string instanceId, string end);

    [LoggerMessage(Level = LogLevel.Error, Message = "Orchestration {Orchestrator} ({InstanceId}) failed: {ErrorType}: {Reason}")]
    private partial void LogFailed(string orchestrator, string instanceId, string errorType, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "An episode of orchestration {InstanceId} could not be run or stored; it is tried again after {Delay}.")]
    private partial void LogFaulted(Exception? exception, string instanceId, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Orchestration {InstanceId} is not run by this code. {Reason}")]
    private partial void LogVersionMismatch(string instanceId, string reason);

    private enum TurnOutcome
    {
        Stored,
        Gone,
        NotStarted,
        Rejected,
        Faulted,
    }

    private sealed record Turn(TurnOutcome Outcome, EpisodeStep? Step, Exception? Fault);
}
