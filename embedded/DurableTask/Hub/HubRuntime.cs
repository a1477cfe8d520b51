using System.Collections.Immutable;
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
    private readonly StoreLock _lock;
    private readonly StoreReader _reader;
    private readonly StoreWriter _writer;
    private readonly StoreIds _ids;
    private readonly InstanceWaiters _waiters = new();
    private readonly DurableTimers<Delivery> _timers;
    private readonly DurableTimers<EntityMail> _entityTimers;
    private readonly OrchestrationDispatcher _orchestrations;
    private readonly ActivityDispatcher _activities;
    private readonly EntityDispatcher _entities;
    private readonly Rewinder _rewinder;
    private readonly Retention? _retention;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private int _isDisposed;

    private HubRuntime(
        TaskHubOptions options,
        StoreLock @lock,
        IReadOnlyDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> orchestrators,
        IReadOnlyDictionary<string, Func<ActivityWorkItem, CancellationToken, Task<object?>>> activities,
        IReadOnlyDictionary<string, Func<EntityWorkItem, CancellationToken, Task>> entities,
        DataConverter converter,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _time = time;
        _logger = loggers.CreateLogger<TaskHub>();
        _lock = @lock;
        var database = HubDatabase.Open(options.DatabasePath, options.Durability);
        _reader = new StoreReader(database, converter);
        _ids = new StoreIds(_reader.GetLastId());
        var properties = options.ContextProperties.ToImmutableDictionary();
        if (options.DefaultVersion.Length > 0)
            properties = properties.SetItem("defaultVersion", options.DefaultVersion);
        _orchestrations = new OrchestrationDispatcher(
            options,
            new EpisodeRunner(_reader, (row, wake) => CreateExecution(row, wake, null), new VersionGate(options), time, _logger),
            Writer,
            time,
            _logger);
        _timers = new DurableTimers<Delivery>(time, _orchestrations.Deliver);
        _entities = new EntityDispatcher(entities, options, _reader, Writer, converter, time, _logger);
        _entityTimers = new DurableTimers<EntityMail>(time, _entities.Deliver);
        _activities = new ActivityDispatcher(activities, options, converter, Complete, _logger);
        _writer = new StoreWriter(database.Connect(), _ids, Apply, _logger);
        _rewinder = new Rewinder(_reader, _writer, (row, confirmed) => CreateExecution(row, static () => { }, confirmed), time);
        _retention = options.Retention is { } age ? new Retention(age, _reader, _writer, time, _logger) : null;
        Client = new HubClient(options, _reader, _writer, _waiters, _rewinder, converter, time);

        OrchestrationExecution CreateExecution(InstanceRow row, Action wake, ICollection<ScheduledAction>? confirmed) =>
            new(row.InstanceId, orchestrators.GetValueOrDefault, converter, loggers, wake, confirmed)
            {
                DefaultVersion = options.DefaultVersion,
                Properties = properties,
                ExceptionProperties = options.ExceptionProperties,
            };
    }

    public DurableTaskClient Client { get; }

    public bool HasWork => _reader.HasWork(_time.GetUtcNow().UtcDateTime);

    public IEnumerable<string> Work => HasWork
        ? _reader.GetActivities().Select(activity => $"activity {activity.Name} of {activity.InstanceId}").DefaultIfEmpty("an orchestration or an entity with messages to take")
        : [];

    public DateTimeOffset? NextDue => _reader.GetNextDue(_time.GetUtcNow().UtcDateTime);

    /// <exception cref="InvalidOperationException">Another process holds the file, or another version wrote it.</exception>
    public static async Task<HubRuntime> OpenAsync(
        TaskHubOptions options,
        IReadOnlyDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> orchestrators,
        IReadOnlyDictionary<string, Func<ActivityWorkItem, CancellationToken, Task<object?>>> activities,
        IReadOnlyDictionary<string, Func<EntityWorkItem, CancellationToken, Task>> entities,
        DataConverter converter,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(options.DatabasePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? ".");
        var @lock = await StoreLock.AcquireAsync(path, options.HolderPatience, cancellationToken);
        try
        {
            return new HubRuntime(options with { DatabasePath = path }, @lock, orchestrators, activities, entities, converter, time, loggers);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Hands out what an earlier process left, before anything runs and before a client is there: what they add comes by itself.</summary>
    /// <returns>The activities, which <see cref="Run"/> begins with.</returns>
    public IReadOnlyList<PendingActivity> Gather()
    {
        var (messages, activities, entityMail) = (_reader.GetInbox(), _reader.GetActivities(), _reader.GetEntityInbox());
        LogResumed(messages.Count, activities.Count, entityMail.Count);
        foreach (var unreadable in messages.Unreadable)
        {
            LogInstanceSetAside(unreadable.Reason, unreadable.Id, unreadable.Recipient);
            if (_reader.GetRow(unreadable.Recipient) is { } row)
                _orchestrations.SetAside(row.Key, row.InstanceId);
        }

        foreach (var unreadable in entityMail.Unreadable)
        {
            LogEntitySetAside(unreadable.Reason, unreadable.Id, unreadable.Recipient);
            _entities.SetAside(unreadable.Recipient);
        }

        foreach (var message in messages.Readable.Where(message => !messages.SetAside.Contains(message.InstanceId)))
            Deliver(message);
        foreach (var mail in entityMail.Readable.Where(mail => !entityMail.SetAside.Contains(mail.EntityId)))
            Deliver(mail);
        return activities;
    }

    /// <summary>Begins with what is gathered.</summary>
    public void Run(IReadOnlyList<PendingActivity> activities)
    {
        _orchestrations.Start();
        _entities.Start();
        _activities.Add(activities);
    }

    public HistoryRecording? Export(string instanceId) =>
        _reader.GetRow(instanceId) is { } row ? new HistoryRecording(instanceId, _reader.GetHistory(row)) : null;

    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var stopped = StopAsync();
        try
        {
            await stopped.WaitAsync(cancellationToken);
            await _writer.WriteAsync(static _ => true, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogGivenUp();
            _activities.GiveUp();
            _entities.GiveUp();
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
        _entities.GiveUp();
        _waiters.Close();
        _retention?.Dispose();
        await Task.Run(_writer.Dispose);
        _timers.Dispose();
        _entityTimers.Dispose();
        _reader.Dispose();
        _lock.Dispose();
    }

    private StoreWriter Writer() => _writer ?? throw new InvalidOperationException("The writer is not there yet.");

    private Task StopAsync()
    {
        _timers.Stop();
        _entityTimers.Stop();
        return Task.WhenAll(_activities.StopAsync(), _orchestrations.StopAsync(), _entities.StopAsync());
    }

    private void Apply(StepEffects effects)
    {
        effects.WithdrawnMessages.ForEach(_timers.Remove);
        effects.Deliveries.ForEach(Deliver);
        _activities.Add(effects.Activities);
        effects.EntityMail.ForEach(Deliver);
        effects.Changed.ForEach(_waiters.Signal);
    }

    private void Deliver(Delivery delivery)
    {
        if (delivery.Message.VisibleAt is { } dueAt && dueAt > _time.GetUtcNow().UtcDateTime)
            _timers.Add(delivery.Message.Id, delivery, dueAt);
        else
            _orchestrations.Deliver(delivery);
    }

    private void Complete(PendingActivity activity, HistoryEvent result) =>
        _orchestrations.DeliverAndRun(new Delivery(activity.Key, activity.InstanceId, new InboxMessage(_ids.Next(), activity.Execution, null, result)
        {
            ActivityId = activity.Id,
        }));

    private void Deliver(EntityMail mail)
    {
        if (mail.VisibleAt is { } dueAt && dueAt > _time.GetUtcNow().UtcDateTime)
            _entityTimers.Add(mail.Id, mail, dueAt);
        else
            _entities.Deliver(mail);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The task hub is started; {Messages} messages, {Activities} activities and {EntityMessages} messages to entities are pending from before.")]
    private partial void LogResumed(int messages, int activities, int entityMessages);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {MessageId} in the inbox of orchestration {InstanceId} cannot be read. The orchestration waits, and the others go on. "
        + "Start the build that wrote the message, or terminate the orchestration.")]
    private partial void LogInstanceSetAside(Exception exception, long messageId, string instanceId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {MessageId} in the inbox of entity {EntityId} cannot be read. The entity waits, and the others go on. "
        + "Start the build that wrote the message, or delete its row from the table entity_inbox while the hub is stopped.")]
    private partial void LogEntitySetAside(Exception exception, long messageId, string entityId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The time to drain is over; activities and entities that still run are given up and will run again after the next start.")]
    private partial void LogGivenUp();
}
