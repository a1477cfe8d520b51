using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Embedded.DurableTask;

/// <summary>
/// Gives entities their turns: one batch of an entity at a time, from its inbox to its stored step; what comes meanwhile is for the next.
/// </summary>
internal sealed partial class EntityDispatcher(
    IReadOnlyDictionary<string, Func<EntityWorkItem, CancellationToken, Task>> entities,
    TaskHubOptions options,
    StoreReader reader,
    Func<StoreWriter> writer,
    DataConverter converter,
    TimeProvider time,
    ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ActiveEntity> _active = [];
    private readonly Queue<ActiveEntity> _ready = [];
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly GiveUpSignal _giveUp = new(logger);
    private readonly FaultPolicy _faults = new(time);
    private readonly ILogger _logger = logger;
    private int _running;
    private int _unfinished;
    private bool _isStarted;
    private bool _isStopped;

    /// <summary>Begins with the batches. Until then mail is only gathered.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _isStarted = true;
            BeginBatches();
        }
    }

    /// <summary>Keeps an entity from its turns until the next start of the hub. Before the start only.</summary>
    public void SetAside(string entityId)
    {
        lock (_lock)
            _active[entityId] = new ActiveEntity(entityId) { IsBusy = true };
    }

    public void Deliver(EntityMail mail)
    {
        lock (_lock)
        {
            if (!_active.TryGetValue(mail.EntityId, out var entity))
                _active[mail.EntityId] = entity = new ActiveEntity(mail.EntityId);
            entity.Arrived.Add(mail);
            if (!entity.IsBusy)
                MakeReady(entity);
        }
    }

    /// <summary>Begins no more batches; ends when those begun are stored.</summary>
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

    /// <summary>Cancels what runs and forgets it: it has no effect, and will run again after the next start.</summary>
    public void GiveUp() => _giveUp.Give();

    private void MakeReady(ActiveEntity entity)
    {
        entity.IsBusy = true;
        _ready.Enqueue(entity);
        BeginBatches();
    }

    private void BeginBatches()
    {
        while (_isStarted && !_isStopped && _running < options.MaxConcurrentEntities && _ready.TryDequeue(out var entity))
        {
            entity.Arrived.ForEach(entity.Inbox.Add);
            entity.Arrived.Clear();
            _running++;
            _unfinished++;

            // Unsafe: the entity must not inherit the context of whoever happened to send to it.
            ThreadPool.UnsafeQueueUserWorkItem(turn => _ = TakeTurnAsync(turn), entity, preferLocal: false);
        }
    }

    private async Task TakeTurnAsync(ActiveEntity entity)
    {
        EntityStep? step = null;
        Exception? fault = null;
        try
        {
            step = await RunCodeAsync(entity);
        }
        catch (Exception exception)
        {
            fault = exception;
        }

        lock (_lock)
        {
            _running--;
            BeginBatches();
        }

        if (step is not null)
            fault = await StoreAsync(entity, step);
        Finish(entity, step, fault);
    }

    /// <returns>Null when nothing is to be stored: the lock keeps all that waits from being done, or the batch was given up.</returns>
    private async Task<EntityStep?> RunCodeAsync(ActiveEntity entity)
    {
        var row = entity.Row ??= reader.GetEntityRow(entity.EntityId) ?? new EntityRow(entity.EntityId, null, null);
        var batch = entity.Inbox.Take(row.Holder, options.MaxEntityOperationBatchSize);
        if (batch.Taken.Count == 0)
            return null;
        var outcome = batch.Operations.Count == 0 ? new EntityOutcome([], row.State, [], []) : await RunOperationsAsync(row, batch);
        if (!_giveUp.IsGiven)
            return new EntityStep(row, batch, outcome, time.GetUtcNow().UtcDateTime);
        LogGivenUp(entity.EntityId);
        return null;
    }

    private async Task<EntityOutcome> RunOperationsAsync(EntityRow row, EntityBatch batch)
    {
        var id = EntityInstanceId.FromString(row.EntityId);
        if (!entities.TryGetValue(id.Name, out var run))
        {
            LogNotFound(id.Name, batch.Operations.Count, row.EntityId);
            return EntityOutcome.Failed(batch, row.State, new FailureRecord(
                "EntityTaskNotFound", $"No entity named '{id.Name}' is registered. Check the name, or register it. Registered are: {string.Join(", ", entities.Keys.Order())}."));
        }

        var work = new EntityWorkItem(id, row.State, batch.Operations, converter, (operation, failure) => LogFailed(failure, operation, row.EntityId));
        try
        {
            await run(work, _giveUp.Token);
            return work.Outcome ?? throw new InvalidOperationException(
                $"The entity '{id.Name}' has not dispatched its operations. Call {nameof(EntityWorkItem.RunAsync)}, or DispatchAsync in a function, and await it.");
        }
        catch (Exception exception)
        {
            if (!_giveUp.IsGiven)
                LogBatchFailed(exception, row.EntityId);
            return EntityOutcome.Failed(batch, row.State, FailureRecord.From(exception));
        }
    }

    private async Task<Exception?> StoreAsync(ActiveEntity entity, EntityStep step)
    {
        try
        {
            entity.Row = await writer().WriteAsync(step.Run, CancellationToken.None);
        }
        catch (Exception exception)
        {
            return exception;
        }

        foreach (var instanceId in step.NotStarted)
            LogNotStarted(entity.EntityId, instanceId);
        return null;
    }

    private void Finish(ActiveEntity entity, EntityStep? step, Exception? fault)
    {
        lock (_lock)
        {
            entity.IsBusy = false;
            if (fault is not null)
                RetryLater(entity, fault);
            else if (step is not null)
                Advance(entity);
            else if (entity.Arrived.Count > 0)
                MakeReady(entity);
            _unfinished--;
            if (_isStopped && _unfinished == 0)
                _idle.TrySetResult();
        }
    }

    private void Advance(ActiveEntity entity)
    {
        entity.Faults = 0;
        entity.Inbox.Confirm();
        if (!entity.Inbox.IsEmpty || entity.Arrived.Count > 0)
            MakeReady(entity);
        else
            _active.Remove(entity.EntityId);
    }

    private void RetryLater(ActiveEntity entity, Exception fault)
    {
        entity.Inbox.PutBack();
        if (_isStopped)
            return;
        var delay = FaultPolicy.Delay(++entity.Faults);
        if (_faults.IsToBeSaid())
            LogFaulted(fault, entity.EntityId, delay);
        entity.Row = null;
        entity.IsBusy = true;
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                lock (_lock)
                    MakeReady(entity);
            },
            null, delay, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Operation {Operation} of entity {EntityId} failed; what it did is undone.")]
    private partial void LogFailed(Exception exception, string operation, string entityId);

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of entity {EntityId} failed as a whole; none of its operations has an effect.")]
    private partial void LogBatchFailed(Exception exception, string entityId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Entity {Entity} is not registered; {Count} operations for {EntityId} fail.")]
    private partial void LogNotFound(string entity, int count, string entityId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Entity {EntityId} was to start orchestration {InstanceId}, but an unfinished one has that id; none is started.")]
    private partial void LogNotStarted(string entityId, string instanceId);

    [LoggerMessage(Level = LogLevel.Information, Message = "A batch of entity {EntityId} was given up; it will run again after the next start.")]
    private partial void LogGivenUp(string entityId);

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of entity {EntityId} could not be run or stored; it is tried again after {Delay}. "
        + "Others may fail too, which is not said again for a while. Look whether the disk is full or faulty.")]
    private partial void LogFaulted(Exception exception, string entityId, TimeSpan delay);
}
