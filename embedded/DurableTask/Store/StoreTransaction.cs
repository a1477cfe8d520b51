using Microsoft.DurableTask.Client;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>What a step may do to the store. Used by the writer's thread alone.</summary>
internal sealed class StoreTransaction(StatementCache statements, StoreIds ids)
{
    private const string Unfinished = "status IN (0, 6, 7)";

    /// <summary>What the present step will mean once it is committed.</summary>
    public StepEffects Effects { get; private set; } = new();

    public long NextId() => ids.Next();

    public void BeginBatch() => Sql("BEGIN IMMEDIATE").Execute();

    public void CommitBatch() => Sql("COMMIT").Execute();

    /// <summary>Undoes the batch, unless SQLite has done so by itself, as it does after some errors.</summary>
    public void RollBackBatch()
    {
        if (statements.IsInTransaction)
            Sql("ROLLBACK").Execute();
    }

    public void BeginStep() => Effects = new StepEffects();

    /// <summary>From here on the batch can be undone without what is before.</summary>
    public void BeginUndoable() => Sql("SAVEPOINT step").Execute();

    public void EndUndoable() => Sql("RELEASE step").Execute();

    public void Undo()
    {
        Sql("ROLLBACK TO step").Execute();
        EndUndoable();
    }

    public InstanceRow? FindInstance(string instanceId)
    {
        using var rows = Sql($"SELECT {InstanceReader.Columns} FROM instances WHERE instance_id = ?1").Query(instanceId);
        return rows.Read() ? InstanceReader.Read(rows) : null;
    }

    /// <summary>Adds a pending instance and the message that starts it. An earlier instance of that id is deleted with all that is its own.</summary>
    public void CreateInstance(string instanceId, ExecutionStarted started, ParentRef? parent, DateTime utcNow, DateTime? startAt)
    {
        if (FindInstance(instanceId) is { } earlier)
            DeleteInstance(earlier.Key);
        var key = Insert(instanceId, started, parent, utcNow);
        Send(key, instanceId, 1, null, startAt, started);
        Effects.Changed.Add(new StatusChange(instanceId, OrchestrationRuntimeStatus.Pending));
    }

    /// <summary>Notes that the instance went on, its status being what it was.</summary>
    public void TouchInstance(long key, DateTime utcNow) => Sql("UPDATE instances SET updated_at = ?2 WHERE key = ?1").Execute(key, utcNow.Ticks);

    public void UpdateInstance(InstanceRow instance, int execution, OrchestrationRuntimeStatus status, DateTime utcNow)
    {
        Sql("UPDATE instances SET execution = ?2, status = ?3, updated_at = ?4 WHERE key = ?1").Execute(instance.Key, execution, (int)status, utcNow.Ticks);
        Effects.Changed.Add(new StatusChange(instance.InstanceId, status));
    }

    public void SetResult(InstanceRow instance, OrchestrationRuntimeStatus status, DateTime utcNow, string? output, FailureRecord? failure)
    {
        Sql("UPDATE instances SET status = ?2, updated_at = ?3, output = ?4, failure = ?5 WHERE key = ?1")
            .Execute(instance.Key, (int)status, utcNow.Ticks, output, HistoryJson.Write(failure));
        Effects.Changed.Add(new StatusChange(instance.InstanceId, status));
    }

    public void SetCustomStatus(long key, string? json) => Sql("UPDATE instances SET custom_status = ?2 WHERE key = ?1").Execute(key, json);

    public void SetInput(long key, string? input, string version) =>
        Sql("UPDATE instances SET input = ?2, version = ?3 WHERE key = ?1").Execute(key, input, version);

    public void DeleteInstance(long key)
    {
        Sql("DELETE FROM instances WHERE key = ?1").Execute(key);
        Sql("DELETE FROM activities WHERE instance_key = ?1").Execute(key);
        DeleteHistory(key);
        DeleteMessages(key);
        Effects.HasPurged = true;
    }

    /// <summary>Adds an episode to a history: its events, as <see cref="HistoryJson"/> writes them, and the number of the first.</summary>
    public void AppendHistory(long key, int sequence, byte[] events) =>
        Sql("INSERT INTO history (instance_key, sequence, events) VALUES (?1, ?2, ?3)").Execute(key, sequence, events);

    public void DeleteHistory(long key) => Sql("DELETE FROM history WHERE instance_key = ?1").Execute(key);

    /// <summary>Puts a message into an instance's inbox.</summary>
    public void Send(long key, string instanceId, int? execution, int? timerTaskId, DateTime? visibleAt, HistoryEvent message)
    {
        var stored = new InboxMessage(ids.Next(), execution, visibleAt, message);
        Insert(key, stored, timerTaskId);
        Effects.Deliveries.Add(new Delivery(key, instanceId, stored));
    }

    /// <summary>Sends to an instance unless it does not exist, is finished, or has meanwhile continued as new.</summary>
    public void SendToExecution(long key, int execution, HistoryEvent message)
    {
        if (FindExecution(key, execution) is { } instanceId)
            Send(key, instanceId, execution, null, null, message);
    }

    /// <summary>Sends to an instance unless it does not exist or is finished.</summary>
    /// <returns>Whether it was sent.</returns>
    public bool SendToInstance(string instanceId, HistoryEvent message)
    {
        if (FindInstance(instanceId) is not { IsFinished: false } instance)
            return false;
        Send(instance.Key, instanceId, null, null, null, message);
        return true;
    }

    /// <summary>Puts an activity's result into the inbox in the activity's place, unless its execution is over.</summary>
    public void KeepResult(long key, InboxMessage message)
    {
        if (message is { ActivityId: { } activity, Execution: { } execution } && DeleteActivity(key, activity) && FindExecution(key, execution) is not null)
            Insert(key, message, null);
    }

    /// <summary>Removes a message, which is now in the history.</summary>
    public void Consume(long key, InboxMessage message)
    {
        if (message.ActivityId is not { } activity || !DeleteActivity(key, activity))
            Sql("DELETE FROM inbox WHERE instance_key = ?1 AND id = ?2").Execute(key, message.Id);
    }

    /// <summary>Removes a message that came for a finished instance; if that was rewound meanwhile, the message is delivered again.</summary>
    public void Discard(long key, string instanceId, InboxMessage message)
    {
        if (IsWanted(key, message))
            Effects.Deliveries.Add(new Delivery(key, instanceId, message));
        else
            Consume(key, message);
    }

    /// <summary>What has arrived for an execution and is not in its history, in the order of arrival. Timers are not among it.</summary>
    public IReadOnlyList<HistoryEvent> Messages(long key, int execution)
    {
        using var rows = Sql("SELECT event FROM inbox WHERE instance_key = ?1 AND coalesce(execution, ?2) = ?2 AND timer_task_id IS NULL ORDER BY id")
            .Query(key, execution);
        List<HistoryEvent> messages = [];
        while (rows.Read())
            messages.Add(HistoryJson.Read(rows.GetUtf8(0)));
        return messages;
    }

    public void DeleteTimer(long key, int taskId) =>
        Withdraw(Sql("DELETE FROM inbox WHERE instance_key = ?1 AND timer_task_id = ?2 RETURNING id").Query(key, taskId));

    public void DeleteTimers(long key) =>
        Withdraw(Sql("DELETE FROM inbox WHERE instance_key = ?1 AND timer_task_id IS NOT NULL RETURNING id").Query(key));

    public void DeleteMessages(long key) => Withdraw(Sql("DELETE FROM inbox WHERE instance_key = ?1 RETURNING id").Query(key));

    public void AddActivity(long key, string instanceId, int execution, int taskId, string name, string? input)
    {
        var activity = new PendingActivity(ids.Next(), key, instanceId, execution, taskId, name, input);
        Sql("INSERT INTO activities (instance_key, id, execution, task_id, name, input) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            .Execute(key, activity.Id, execution, taskId, name, input);
        Effects.Activities.Add(activity);
    }

    public bool HasActivity(long key, int execution, int taskId)
    {
        using var rows = Sql("SELECT 1 FROM activities WHERE instance_key = ?1 AND execution = ?2 AND task_id = ?3").Query(key, execution, taskId);
        return rows.Read();
    }

    public string? GetOutput(long key)
    {
        using var rows = Sql("SELECT output FROM instances WHERE key = ?1").Query(key);
        return rows.Read() ? rows.GetText(0) : null;
    }

    /// <summary>The ids of the sub-orchestrations of an instance that are not finished.</summary>
    public IReadOnlyList<string> UnfinishedChildren(long key)
    {
        using var rows = Sql($"SELECT instance_id FROM instances WHERE parent_key = ?1 AND {Unfinished}").Query(key);
        List<string> found = [];
        while (rows.Read())
            found.Add(rows.GetString(0));
        return found;
    }

    /// <summary>The keys of some finished sub-orchestrations of an instance.</summary>
    public IReadOnlyList<long> FinishedChildren(long key, int limit)
    {
        using var rows = Sql("SELECT key FROM instances WHERE parent_key = ?1 AND status IN (1, 3, 5) LIMIT ?2").Query(key, limit);
        List<long> found = [];
        while (rows.Read())
            found.Add(rows.GetInt64(0));
        return found;
    }

    public bool IsFinished(long key)
    {
        using var rows = Sql("SELECT 1 FROM instances WHERE key = ?1 AND status IN (1, 3, 5)").Query(key);
        return rows.Read();
    }

    private long Insert(string instanceId, ExecutionStarted started, ParentRef? parent, DateTime utcNow)
    {
        using var rows = Sql("""
            INSERT INTO instances
              (instance_id, execution, name, version, status, created_at, updated_at, input, parent_key, parent_execution, parent_task_id, tags)
            VALUES (?1, 1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING key
            """).Query(
                instanceId, started.Name, started.Version, (int)OrchestrationRuntimeStatus.Pending, utcNow.Ticks, started.Input,
                parent?.Key, parent?.Execution, parent?.TaskId, HistoryJson.Write(started.Tags));
        rows.Read();
        return rows.GetInt64(0);
    }

    private void Insert(long key, InboxMessage message, int? timerTaskId) =>
        Sql("INSERT INTO inbox (instance_key, id, execution, timer_task_id, visible_at, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            .Execute(key, message.Id, message.Execution, timerTaskId, message.VisibleAt?.Ticks, HistoryJson.Write(message.Event));

    /// <returns>False when it was not there: its result is unwanted.</returns>
    private bool DeleteActivity(long key, long id) => Sql("DELETE FROM activities WHERE instance_key = ?1 AND id = ?2").Execute(key, id) == 1;

    private bool IsWanted(long key, InboxMessage message)
    {
        var table = message.ActivityId is null ? "inbox" : "activities";
        using var rows = Sql($"SELECT 1 FROM {table} JOIN instances ON instances.key = ?1 WHERE instance_key = ?1 AND id = ?2 AND {Unfinished}")
            .Query(key, message.ActivityId ?? message.Id);
        return rows.Read();
    }

    /// <summary>The id of an instance that is not finished, nor has continued as new.</summary>
    private string? FindExecution(long key, int execution)
    {
        using var rows = Sql($"SELECT instance_id FROM instances WHERE key = ?1 AND execution = ?2 AND {Unfinished}").Query(key, execution);
        return rows.Read() ? rows.GetString(0) : null;
    }

    private void Withdraw(SqlRows deleted)
    {
        using (deleted)
        {
            while (deleted.Read())
                Effects.WithdrawnMessages.Add(deleted.GetInt64(0));
        }
    }

    public Statement Sql(string sql) => statements[sql];
}
