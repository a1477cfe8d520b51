using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>What a step may do to the store. Used by the writer's thread alone.</summary>
internal sealed class StoreTransaction(SqliteConnection connection, StoreIds ids) : IDisposable
{
    private const string Unfinished = "status IN (0, 6, 7)";

    private readonly Dictionary<string, Statement> _statements = [];

    /// <summary>What the present step will mean once it is committed.</summary>
    public StepEffects Effects { get; private set; } = new();

    public void BeginBatch() => Sql("BEGIN IMMEDIATE").Execute();

    public void CommitBatch() => Sql("COMMIT").Execute();

    public void RollBackBatch() => Sql("ROLLBACK").Execute();

    public void BeginStep()
    {
        Effects = new StepEffects();
        Sql("SAVEPOINT step").Execute();
    }

    public void EndStep() => Sql("RELEASE step").Execute();

    public void UndoStep()
    {
        Sql("ROLLBACK TO step").Execute();
        Sql("RELEASE step").Execute();
    }

    public InstanceRow? FindInstance(string instanceId)
    {
        using var reader = Sql($"SELECT {InstanceReader.Columns} FROM instances WHERE instance_id = ?1").Query(instanceId);
        return reader.Read() ? InstanceReader.Read(reader) : null;
    }

    /// <summary>Adds a pending instance and the message that starts it. An earlier instance of that id is deleted with all that is its own.</summary>
    public void CreateInstance(string instanceId, ExecutionStarted started, ParentRef? parent, DateTime utcNow, DateTime? startAt)
    {
        if (FindInstance(instanceId) is { } earlier)
            DeleteInstance(earlier.Key);
        using (var reader = Sql("""
            INSERT INTO instances
              (instance_id, execution, name, version, status, created_at, updated_at, input, parent_key, parent_execution, parent_task_id, tags)
            VALUES (?1, 1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING key
            """).Query(
                instanceId, started.Name, started.Version, (int)OrchestrationRuntimeStatus.Pending, utcNow.Ticks, started.Input,
                parent?.Key, parent?.Execution, parent?.TaskId, HistoryJson.Write(started.Tags)))
        {
            reader.Read();
            Send(reader.GetInt64(0), instanceId, 1, null, startAt, started);
        }

        Effects.Changed.Add(instanceId);
    }

    public void UpdateInstance(long key, int execution, OrchestrationRuntimeStatus status, DateTime utcNow) => Sql(
        "UPDATE instances SET execution = ?2, status = ?3, updated_at = ?4 WHERE key = ?1").Execute(key, execution, (int)status, utcNow.Ticks);

    public void SetCustomStatus(long key, string? json) => Sql("UPDATE instances SET custom_status = ?2 WHERE key = ?1").Execute(key, json);

    public void SetInput(long key, string? input, string version) =>
        Sql("UPDATE instances SET input = ?2, version = ?3 WHERE key = ?1").Execute(key, input, version);

    public void SetResult(long key, string? output, FailureRecord? failure) =>
        Sql("UPDATE instances SET output = ?2, failure = ?3 WHERE key = ?1").Execute(key, output, HistoryJson.Write(failure));

    public void DeleteInstance(long key)
    {
        Sql("DELETE FROM instances WHERE key = ?1").Execute(key);
        Sql("DELETE FROM activities WHERE instance_key = ?1").Execute(key);
        DeleteHistory(key);
        DeleteMessages(key);
    }

    public void AppendHistory(long key, int sequence, HistoryEvent historyEvent) =>
        Sql("INSERT INTO history (instance_key, sequence, event) VALUES (?1, ?2, ?3)").Execute(key, sequence, HistoryJson.Write(historyEvent));

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
        using var reader = Sql($"SELECT instance_id FROM instances WHERE key = ?1 AND execution = ?2 AND {Unfinished}").Query(key, execution);
        if (reader.Read())
            Send(key, reader.GetString(0), execution, null, null, message);
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

    /// <summary>Stores a message that the dispatcher has already, unless its execution is over.</summary>
    public void Store(long key, InboxMessage message)
    {
        using var reader = Sql($"SELECT 1 FROM instances WHERE key = ?1 AND execution = ?2 AND {Unfinished}").Query(key, message.Execution);
        if (reader.Read())
            Insert(key, message, null);
    }

    /// <summary>Deletes a message that came for a finished instance; if that was rewound meanwhile, the message is delivered again.</summary>
    public void Discard(long key, string instanceId, InboxMessage message)
    {
        using (var reader = Sql(
            $"SELECT 1 FROM inbox JOIN instances ON instances.key = inbox.instance_key WHERE inbox.id = ?1 AND instances.{Unfinished}").Query(message.Id))
        {
            if (reader.Read())
            {
                Effects.Deliveries.Add(new Delivery(key, instanceId, message));
                return;
            }
        }

        DeleteMessage(message.Id);
    }

    public void DeleteMessage(long id) => Sql("DELETE FROM inbox WHERE id = ?1").Execute(id);

    public void DeleteTimer(long key, int taskId) =>
        Withdraw(Sql("DELETE FROM inbox WHERE instance_key = ?1 AND timer_task_id = ?2 RETURNING id").Query(key, taskId));

    public void DeleteTimers(long key) =>
        Withdraw(Sql("DELETE FROM inbox WHERE instance_key = ?1 AND timer_task_id IS NOT NULL RETURNING id").Query(key));

    public void DeleteMessages(long key) => Withdraw(Sql("DELETE FROM inbox WHERE instance_key = ?1 RETURNING id").Query(key));

    public void AddActivity(long key, string instanceId, int execution, int taskId, string name, string? input)
    {
        var activity = new PendingActivity(ids.Next(), key, instanceId, execution, taskId, name, input);
        Sql("INSERT INTO activities (id, instance_key, execution, task_id, name, input) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            .Execute(activity.Id, key, execution, taskId, name, input);
        Effects.Activities.Add(activity);
    }

    public bool HasActivity(long key, int execution, int taskId)
    {
        using var reader = Sql("SELECT 1 FROM activities WHERE instance_key = ?1 AND execution = ?2 AND task_id = ?3").Query(key, execution, taskId);
        return reader.Read();
    }

    /// <returns>False when it was not there: its result is unwanted.</returns>
    public bool DeleteActivity(long id) => Sql("DELETE FROM activities WHERE id = ?1").Execute(id) == 1;

    public string? GetOutput(long key)
    {
        using var reader = Sql("SELECT output FROM instances WHERE key = ?1").Query(key);
        return reader.Read() ? reader.GetText(0) : null;
    }

    public IReadOnlyList<InstanceRow> Children(long key)
    {
        using var reader = Sql($"SELECT {InstanceReader.Columns} FROM instances WHERE parent_key = ?1").Query(key);
        List<InstanceRow> children = [];
        while (reader.Read())
            children.Add(InstanceReader.Read(reader));
        return children;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
    }

    private void Insert(long key, InboxMessage message, int? timerTaskId) =>
        Sql("INSERT INTO inbox (id, instance_key, execution, timer_task_id, visible_at, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            .Execute(message.Id, key, message.Execution, timerTaskId, message.VisibleAt?.Ticks, HistoryJson.Write(message.Event));

    private void Withdraw(SqliteDataReader deleted)
    {
        using (deleted)
        {
            while (deleted.Read())
                Effects.WithdrawnMessages.Add(deleted.GetInt64(0));
        }
    }

    private Statement Sql(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements[sql] = statement = new Statement(connection, sql);
        return statement;
    }
}
