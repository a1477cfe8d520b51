using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Embedded.DurableTask;

/// <summary>A started hub: the store, and the dispatchers that what is stored sets going.</summary>
internal sealed partial class HubRuntime : IAsyncDisposable
{
    private readonly HubDatabase _database;
    private readonly StoreReader _reader;
    private readonly StoreWriter _writer;
    private readonly StoreIds _ids;
    private readonly InstanceWaiters _waiters = new();
    private readonly DurableTimers _timers;
    private readonly OrchestrationDispatcher _orchestrations;
    private readonly ActivityDispatcher _activities;
    private readonly Rewinder _rewinder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private int _isDisposed;

    public HubRuntime(
        TaskHubOptions options,
        IReadOnlyDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> orchestrators,
        IReadOnlyDictionary<string, Func<ActivityWorkItem, CancellationToken, Task<object?>>> activities,
        DataConverter converter,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _time = time;
        _logger = loggers.CreateLogger<TaskHub>();
        _database = HubDatabase.Open(options.DatabasePath);
        _reader = new StoreReader(_database, converter);
        _ids = new StoreIds(GetLastId());
        _orchestrations = new OrchestrationDispatcher(
            options,
            _reader,
            () => _writer ?? throw new InvalidOperationException("The writer is not there yet."),
            (row, wake) => CreateExecution(row, wake, null),
            time,
            _logger);
        _timers = new DurableTimers(time, _orchestrations.Deliver);
        _activities = new ActivityDispatcher(activities, options.MaxConcurrentActivities, converter, Complete, _logger);
        _writer = new StoreWriter(_database.Connect(), _ids, Apply, _logger);
        _rewinder = new Rewinder(_reader, _writer, (row, confirmed) => CreateExecution(row, static () => { }, confirmed), time);
        Client = new HubClient(options, _reader, _writer, _waiters, _rewinder, converter, time);

        OrchestrationExecution CreateExecution(InstanceRow row, Action wake, ICollection<ScheduledAction>? confirmed) =>
            new(row.InstanceId, orchestrators.GetValueOrDefault, converter, loggers, wake) { DefaultVersion = options.DefaultVersion, Confirmed = confirmed };
    }

    public DurableTaskClient Client { get; }

    public bool HasWork => _reader.HasWork(_time.GetUtcNow().UtcDateTime);

    public DateTimeOffset? NextDue => _reader.GetNextDue(_time.GetUtcNow().UtcDateTime);

    /// <summary>Goes on with what an earlier process left.</summary>
    public void Resume()
    {
        // All is read and handed out before anything runs, because what runs adds to it.
        var (messages, activities) = (_reader.GetInbox(), _reader.GetActivities());
        LogResumed(messages.Count, activities.Count);
        foreach (var message in messages)
            Deliver(message);
        _orchestrations.Start();
        foreach (var activity in activities)
            _activities.Add(activity);
    }

    public HistoryRecording? Export(string instanceId) =>
        _reader.GetRow(instanceId) is { } row ? new HistoryRecording(instanceId, _reader.GetHistory(row.Key)) : null;

    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var stopped = StopAsync();
        try
        {
            await stopped.WaitAsync(cancellationToken);
            await _writer.WriteAsync(static _ => true).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogGivenUp();
            _activities.GiveUp();
        }
    }

    /// <summary>Stops as if the process were killed: what is not on disk is lost.</summary>
    public ValueTask AbortAsync()
    {
        _ = StopAsync();
        _writer.Abort();
        return DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
            return;
        _ = StopAsync();
        _activities.GiveUp();
        _waiters.Close();
        await Task.Run(_writer.Dispose);
        _timers.Dispose();
        _rewinder.Dispose();
        _reader.Dispose();
        _database.Dispose();
    }

    private long GetLastId()
    {
        try
        {
            return _reader.GetLastId();
        }
        catch
        {
            _reader.Dispose();
            _database.Dispose();
            throw;
        }
    }

    private Task StopAsync()
    {
        _timers.Stop();
        return Task.WhenAll(_activities.StopAsync(), _orchestrations.StopAsync());
    }

    private void Apply(StepEffects effects)
    {
        effects.WithdrawnMessages.ForEach(_timers.Remove);
        effects.Deliveries.ForEach(Deliver);
        effects.Activities.ForEach(_activities.Add);
        effects.Changed.ForEach(_waiters.Signal);
    }

    private void Deliver(Delivery delivery)
    {
        if (delivery.Message.VisibleAt is { } dueAt && dueAt > _time.GetUtcNow().UtcDateTime)
            _timers.Add(delivery, dueAt);
        else
            _orchestrations.Deliver(delivery);
    }

    private void Complete(PendingActivity activity, HistoryEvent result)
    {
        var message = new InboxMessage(_ids.Next(), activity.Execution, null, result);

        // Not waited for: the step of the episode that takes the message comes after this one, and is stored with it or later.
        _ = _writer.WriteAsync(
            transaction =>
            {
                if (transaction.DeleteActivity(activity.Id))
                    transaction.Store(activity.Key, message);
                return true;
            },
            isDeferred: true);
        _orchestrations.Deliver(new Delivery(activity.Key, activity.InstanceId, message));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The task hub is started; {Messages} messages and {Activities} activities are pending from before.")]
    private partial void LogResumed(int messages, int activities);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The time to drain is over; activities that still run are given up and will run again after the next start.")]
    private partial void LogGivenUp();
}
