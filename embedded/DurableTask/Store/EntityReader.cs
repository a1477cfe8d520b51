using System.Globalization;
using Microsoft.DurableTask.Client.Entities;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>Reads entities as they are committed.</summary>
internal static class EntityReader
{
    /// <summary>Whether an entity has a message that it can take by the time ?1: while it is locked, it takes only those of the holder.</summary>
    public const string HasWork = """
        EXISTS (
          SELECT 1 FROM entity_inbox LEFT JOIN entities ON entities.entity_id = entity_inbox.entity_id
          WHERE coalesce(entity_inbox.visible_at, 0) <= ?1
          AND (entities.lock_key IS NULL OR entities.lock_key = coalesce(message ->> '$.caller.key', message ->> '$.holder.key')))
        """;

    private const string Holder = "lock_key, lock_instance_id, lock_execution, lock_task_id";

    public static EntityRow? GetEntityRow(this StoreReader reader, string entityId) => reader.Read(
        $"SELECT state, {Holder} FROM entities WHERE entity_id = ?1",
        [entityId],
        row => new EntityRow(
            entityId, row.GetText(0), row.IsDBNull(1) ? null : new EntityCaller(row.GetInt64(1), row.GetString(2), row.GetInt32(3), row.GetInt32(4)))).FirstOrDefault();

    /// <summary>All messages that are not yet carried out.</summary>
    public static StoredMail<EntityMail> GetEntityInbox(this StoreReader reader) => reader.ReadMail(
        "SELECT id, entity_id, visible_at, message FROM entity_inbox ORDER BY id",
        row => new EntityMail(
            row.GetInt64(0),
            row.GetString(1),
            row.IsDBNull(2) ? null : new DateTime(row.GetInt64(2), DateTimeKind.Utc),
            HistoryJson.ReadEntityMessage(row.GetString(3))));

    /// <summary>The entity of that id, if it has a state.</summary>
    public static EntityDescription? FindEntity(this StoreReader reader, string entityId, bool withState) => reader.Read(
        $"SELECT {Columns(withState)} FROM entities WHERE entity_id = ?1 AND state IS NOT NULL", [entityId], Describe).FirstOrDefault();

    /// <summary>One page of entities in the order of their ids.</summary>
    public static (IReadOnlyList<EntityDescription> Entities, string? Continuation) QueryEntities(
        this StoreReader reader, EntityQuery query, string? continuationToken, int pageSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        List<SqlValue> values = [continuationToken ?? string.Empty, pageSize + 1];
        var filter = query.IncludeTransient ? string.Empty : " AND state IS NOT NULL";
        void Add(string condition, SqlValue value)
        {
            values.Add(value);
            filter += $" AND {condition} ?{values.Count.ToString(CultureInfo.InvariantCulture)}";
        }

        if (query.InstanceIdStartsWith is { } prefix)
        {
            Add("entity_id >=", prefix);
            if (IdPrefix.End(prefix) is { } end)
                Add("entity_id <", end);
        }

        if (query.LastModifiedFrom is { } from)
            Add("modified_at >=", from.UtcTicks);
        if (query.LastModifiedTo is { } to)
            Add("modified_at <=", to.UtcTicks);
        var found = reader.Read(
            $"SELECT {Columns(query.IncludeState)} FROM entities WHERE entity_id > ?1{filter} ORDER BY entity_id LIMIT ?2", [.. values], Describe);
        var page = found.Take(pageSize).ToList();
        return (page, found.Count > pageSize ? page[^1].EntityId : null);
    }

    private static string Columns(bool withState) => $"""
        entity_id, modified_at, lock_instance_id,
        (SELECT count(*) FROM entity_inbox WHERE entity_inbox.entity_id = entities.entity_id AND visible_at IS NULL),
        {(withState ? "state" : "NULL")}
        """;

    private static EntityDescription Describe(SqlRows row) =>
        new(row.GetString(0), new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero), row.GetText(2), row.GetInt32(3), row.GetText(4));
}

/// <summary>An entity as queries show it; <paramref name="State"/> is null when it was not asked for.</summary>
internal sealed record EntityDescription(string EntityId, DateTimeOffset ModifiedAt, string? LockedBy, int Backlog, string? State);
