using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>Reads what is committed, beside the writer and without waiting for it.</summary>
internal sealed class StoreReader(HubDatabase database, DataConverter converter) : IDisposable
{
    private const string Summary = "instance_id, name, status, created_at, updated_at, tags";
    private const string Data = ", input, output, custom_status, failure";
    private static readonly IReadOnlyDictionary<string, string> NoTags = ImmutableDictionary<string, string>.Empty;

    private readonly ConcurrentBag<StatementCache> _idle = [];
    private volatile bool _isDisposed;

    public OrchestrationMetadata? GetInstance(string instanceId, bool withData) => Read(
        $"SELECT {Summary}{(withData ? Data : "")} FROM instances WHERE instance_id = ?1",
        [instanceId],
        rows => ToMetadata(rows, withData)).FirstOrDefault();

    public InstanceRow? GetRow(long key) =>
        Read($"SELECT {InstanceReader.Columns} FROM instances WHERE key = ?1", [key], InstanceReader.Read).FirstOrDefault();

    public InstanceRow? GetRow(string instanceId) =>
        Read($"SELECT {InstanceReader.Columns} FROM instances WHERE instance_id = ?1", [instanceId], InstanceReader.Read).FirstOrDefault();

    /// <exception cref="InvalidDataException">A row cannot be read.</exception>
    public IReadOnlyList<HistoryEvent> GetHistory(InstanceRow instance) =>
    [
        .. Read("SELECT sequence, events FROM history WHERE instance_key = ?1 ORDER BY sequence", [instance.Key], rows => ReadEpisode(instance, rows))
            .SelectMany(static events => events),
    ];

    /// <summary>The number that a further row of a history can have, without those that are there being read.</summary>
    public int GetNextSequence(long key) =>
        Read("SELECT coalesce(max(sequence) + 1, 0) FROM history WHERE instance_key = ?1", [key], static rows => rows.GetInt32(0))[0];

    /// <summary>All messages that are not yet in a history.</summary>
    public StoredMail<Delivery> GetInbox() => this.ReadMail(
        """
        SELECT inbox.id, instances.instance_id, inbox.instance_key, inbox.execution, inbox.visible_at, inbox.event
        FROM inbox JOIN instances ON instances.key = inbox.instance_key ORDER BY inbox.id
        """,
        rows => new Delivery(rows.GetInt64(2), rows.GetString(1), new InboxMessage(
            rows.GetInt64(0),
            rows.IsDBNull(3) ? null : rows.GetInt32(3),
            rows.IsDBNull(4) ? null : new DateTime(rows.GetInt64(4), DateTimeKind.Utc),
            HistoryJson.Read(rows.GetUtf8(5)))));

    /// <summary>All activities that have no result yet.</summary>
    public IReadOnlyList<PendingActivity> GetActivities() => Read(
        """
        SELECT activities.id, activities.instance_key, instances.instance_id, activities.execution, activities.task_id, activities.name, activities.input
        FROM activities JOIN instances ON instances.key = activities.instance_key ORDER BY activities.id
        """,
        [],
        rows => new PendingActivity(
            rows.GetInt64(0), rows.GetInt64(1), rows.GetString(2), rows.GetInt32(3), rows.GetInt32(4), rows.GetString(5), rows.GetText(6)));

    public long GetLastId() => Read(
        """
        SELECT max(
          coalesce((SELECT max(id) FROM inbox), 0), coalesce((SELECT max(id) FROM activities), 0), coalesce((SELECT max(id) FROM entity_inbox), 0))
        """,
        [],
        rows => rows.GetInt64(0))[0];

    /// <summary>Whether there is an activity without result, or a message to an instance or an entity that can be taken by now. Those that wait for a delayed start cannot.</summary>
    public bool HasWork(DateTime now) => Read(
        $"""
        SELECT EXISTS (SELECT 1 FROM activities) OR {EntityReader.HasWork} OR EXISTS (
          SELECT 1 FROM inbox JOIN instances ON instances.key = inbox.instance_key
          WHERE coalesce(inbox.visible_at, 0) <= ?1
          AND NOT (instances.status = ?2 AND EXISTS (SELECT 1 FROM inbox AS start WHERE start.instance_key = instances.key AND start.visible_at > ?1)))
        """,
        [now.Ticks, (long)OrchestrationRuntimeStatus.Pending],
        rows => rows.GetInt64(0))[0] != 0;

    /// <summary>When the next message can be taken, later than now.</summary>
    public DateTimeOffset? GetNextDue(DateTime now) => Read(
        "SELECT min(visible_at) FROM (SELECT visible_at FROM inbox UNION ALL SELECT visible_at FROM entity_inbox) WHERE visible_at > ?1",
        [now.Ticks],
        rows => rows.IsDBNull(0) ? (DateTimeOffset?)null : new DateTimeOffset(rows.GetInt64(0), TimeSpan.Zero))[0];

    /// <summary>One page of instances in the order of their creation.</summary>
    public Page<OrchestrationMetadata> Query(OrchestrationQuery query, string? continuationToken, int pageSize)
    {
        var (filter, values) = Filter(query.CreatedFrom, query.CreatedTo, query.Statuses, query.InstanceIdPrefix);
        var columns = query.FetchInputsAndOutputs ? Summary + Data : Summary;
        var found = Read(
            $"SELECT {columns}, key FROM instances WHERE key > ?1{filter} ORDER BY key LIMIT ?2",
            [After(continuationToken), Limit(pageSize), .. values],
            rows => (Metadata: ToMetadata(rows, query.FetchInputsAndOutputs), Key: rows.GetInt64(rows.ColumnCount - 1)));
        return ToPage(found, pageSize, row => row.Metadata, row => row.Key);
    }

    /// <summary>One page of the ids of instances in the order of their creation; given a time, of those that ended within it.</summary>
    public Page<string> ListIds(
        IEnumerable<OrchestrationRuntimeStatus>? statuses, DateTimeOffset? completedFrom, DateTimeOffset? completedTo, int pageSize, string? continuationToken)
    {
        var found = Read(
            $"""
            SELECT instance_id, key FROM instances WHERE key > ?1{InStatuses(statuses)}
            AND (?3 = 0 OR status IN (1, 3, 5)) AND updated_at BETWEEN ?4 AND ?5 ORDER BY key LIMIT ?2
            """,
            [
                After(continuationToken), Limit(pageSize), completedFrom is null && completedTo is null ? 0 : 1,
                completedFrom?.UtcTicks ?? 0, completedTo?.UtcTicks ?? long.MaxValue,
            ],
            rows => (Id: rows.GetString(0), Key: rows.GetInt64(1)));
        return ToPage(found, pageSize, row => row.Id, row => row.Key);
    }

    /// <summary>The keys of finished instances that match, oldest first.</summary>
    public IReadOnlyList<long> FindFinished(PurgeInstancesFilter filter, int limit)
    {
        var (sql, values) = Filter(filter.CreatedFrom, filter.CreatedTo, filter.Statuses, null);
        return Read(
            $"SELECT key FROM instances WHERE key > ?1 AND status IN (1, 3, 5){sql} ORDER BY key LIMIT ?2",
            [0L, limit, .. values],
            static rows => rows.GetInt64(0));
    }

    /// <summary>
    /// The keys of instances that ended before a time, the one that ended first first. A sub-orchestration is not among them while the execution that
    /// called it is there: it goes with that.
    /// </summary>
    public IReadOnlyList<long> FindFinished(DateTime endedBefore, int limit) => Read(
        """
        SELECT key FROM instances WHERE status IN (1, 3, 5) AND updated_at < ?1
        AND NOT EXISTS (
          SELECT 1 FROM instances AS parent WHERE parent.key = instances.parent_key AND parent.execution = instances.parent_execution)
        ORDER BY updated_at LIMIT ?2
        """,
        [endedBefore.Ticks, limit],
        static rows => rows.GetInt64(0));

    public void Dispose()
    {
        _isDisposed = true;
        while (_idle.TryTake(out var connection))
            connection.Dispose();
    }

    private static IReadOnlyList<HistoryEvent> ReadEpisode(InstanceRow instance, SqlRows rows)
    {
        try
        {
            return HistoryJson.ReadEvents(rows.GetUtf8(1));
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new InvalidDataException(
                $"The row (instance_key {instance.Key}, sequence {rows.GetInt32(0)}) of the table history, of orchestration '{instance.InstanceId}', cannot be read: {exception.Message} "
                + "Start the build that wrote it, put a copy of the file in its place, or terminate the orchestration.",
                exception);
        }
    }

    private static long After(string? continuationToken)
    {
        if (string.IsNullOrEmpty(continuationToken))
            return 0;
        return long.TryParse(continuationToken, NumberStyles.None, CultureInfo.InvariantCulture, out var after)
            ? after
            : throw new ArgumentException($"The continuation token '{continuationToken}' is not one that this task hub gave out.", nameof(continuationToken));
    }

    // One more than the page holds tells whether another follows.
    private static int Limit(int pageSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        return pageSize == int.MaxValue ? pageSize : pageSize + 1;
    }

    private static Page<TItem> ToPage<TRow, TItem>(List<TRow> found, int pageSize, Func<TRow, TItem> item, Func<TRow, long> key)
        where TItem : notnull
    {
        var page = found.Take(pageSize).ToList();
        return new Page<TItem>([.. page.Select(item)], found.Count > pageSize ? key(page[^1]).ToString(CultureInfo.InvariantCulture) : null);
    }

    private static (string Sql, IReadOnlyList<SqlValue> Values) Filter(
        DateTimeOffset? createdFrom, DateTimeOffset? createdTo, IEnumerable<OrchestrationRuntimeStatus>? statuses, string? prefix)
    {
        var sql = string.Empty;
        List<SqlValue> values = [];
        void Add(string condition, SqlValue value)
        {
            values.Add(value);
            sql += $" AND {condition} ?{(values.Count + 2).ToString(CultureInfo.InvariantCulture)}";
        }

        if (createdFrom is { } from)
            Add("created_at >=", from.UtcTicks);
        if (createdTo is { } to)
            Add("created_at <=", to.UtcTicks);
        if (prefix is { Length: > 0 })
        {
            // A range instead of LIKE, which ignores case and gives some characters a meaning.
            Add("instance_id >=", prefix);
            if (IdPrefix.End(prefix) is { } end)
                Add("instance_id <", end);
        }

        return (sql + InStatuses(statuses), values);
    }

    private static string InStatuses(IEnumerable<OrchestrationRuntimeStatus>? statuses) =>
        statuses?.Select(status => ((int)status).ToString(CultureInfo.InvariantCulture)).ToList() is { Count: > 0 } wanted
            ? $" AND status IN ({string.Join(", ", wanted)})"
            : string.Empty;

    private OrchestrationMetadata ToMetadata(SqlRows rows, bool withData) => new(rows.GetString(1), rows.GetString(0))
    {
        DataConverter = withData ? converter : null,
        RuntimeStatus = (OrchestrationRuntimeStatus)rows.GetInt32(2),
        CreatedAt = new DateTimeOffset(rows.GetInt64(3), TimeSpan.Zero),
        LastUpdatedAt = new DateTimeOffset(rows.GetInt64(4), TimeSpan.Zero),
        Tags = HistoryJson.ReadTags(rows.GetText(5)) ?? NoTags,
        SerializedInput = withData ? rows.GetText(6) : null,
        SerializedOutput = withData ? rows.GetText(7) : null,
        SerializedCustomStatus = withData ? rows.GetText(8) : null,
        FailureDetails = withData ? HistoryJson.ReadFailure(rows.GetText(9))?.ToDetails() : null,
    };

    /// <exception cref="IOException">The file could not be read.</exception>
    public List<T> Read<T>(string sql, ReadOnlySpan<SqlValue> values, Func<SqlRows, T> read)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(TaskHub));
        StatementCache? statements = null;
        try
        {
            statements = _idle.TryTake(out var idle) ? idle : new StatementCache(database.Connect());
            using var rows = statements[sql].Query(values);
            List<T> found = [];
            while (rows.Read())
                found.Add(read(rows));
            return found;
        }
        catch (SqliteException exception)
        {
            throw database.Unreadable(exception);
        }
        finally
        {
            if (statements is not null)
                _idle.Add(statements);
            if (_isDisposed)
                Dispose();
        }
    }
}
