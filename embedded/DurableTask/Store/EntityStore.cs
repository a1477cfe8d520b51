using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>What steps do to entities and their inboxes.</summary>
internal static class EntityStore
{
    /// <summary>Puts a message into an entity's inbox. The entity need not exist.</summary>
    public static void SendToEntity(this StoreTransaction transaction, string entityId, EntityMessage message, DateTime? visibleAt = null)
    {
        var mail = new EntityMail(transaction.NextId(), entityId, visibleAt, message);
        transaction.Sql("INSERT INTO entity_inbox (id, entity_id, visible_at, message) VALUES (?1, ?2, ?3, ?4)")
            .Execute(mail.Id, entityId, visibleAt?.Ticks, HistoryJson.Write(message));
        transaction.Effects.EntityMail.Add(mail);
    }

    public static void DeleteEntityMail(this StoreTransaction transaction, long id) =>
        transaction.Sql("DELETE FROM entity_inbox WHERE id = ?1").Execute(id);

    /// <summary>Keeps an entity as it now is. Without state and lock there is nothing to keep.</summary>
    public static void Keep(this StoreTransaction transaction, EntityRow entity, DateTime utcNow)
    {
        if (entity is { State: null, Holder: null })
        {
            transaction.Sql("DELETE FROM entities WHERE entity_id = ?1").Execute(entity.EntityId);
            return;
        }

        var holder = entity.Holder;
        transaction.Sql("""
            INSERT INTO entities (entity_id, state, modified_at, lock_instance_id, lock_key, lock_execution, lock_task_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (entity_id) DO UPDATE SET
              state = excluded.state, modified_at = excluded.modified_at, lock_instance_id = excluded.lock_instance_id,
              lock_key = excluded.lock_key, lock_execution = excluded.lock_execution, lock_task_id = excluded.lock_task_id
            """).Execute(entity.EntityId, entity.State, utcNow.Ticks, holder?.InstanceId, holder?.Key, holder?.Execution, holder?.TaskId);
    }

    /// <summary>Whether the execution that waits for an answer or a lock still goes on.</summary>
    public static bool GoesOn(this StoreTransaction transaction, EntityCaller caller)
    {
        using var reader = transaction.Sql("SELECT 1 FROM instances WHERE key = ?1 AND execution = ?2 AND status IN (0, 6, 7)")
            .Query(caller.Key, caller.Execution);
        return reader.Read();
    }

    /// <summary>Gives back all locks that an orchestration holds, because its execution ends.</summary>
    public static void ReleaseEntities(this StoreTransaction transaction, long key) => transaction.Release(
        "SELECT entity_id, lock_key, lock_instance_id, lock_execution, lock_task_id FROM entities WHERE lock_key = ?1", key);

    /// <summary>Gives back the locks of executions that do not go on.</summary>
    /// <returns>How many.</returns>
    public static int ReleaseOrphans(this StoreTransaction transaction) => transaction.Release("""
        SELECT entity_id, lock_key, lock_instance_id, lock_execution, lock_task_id FROM entities
        WHERE lock_key IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM instances WHERE key = lock_key AND execution = lock_execution AND status IN (0, 6, 7))
        """);

    private static int Release(this StoreTransaction transaction, string select, params ReadOnlySpan<SqlValue> values)
    {
        List<(string EntityId, EntityCaller Holder)> locked = [];
        using (var reader = transaction.Sql(select).Query(values))
        {
            while (reader.Read())
                locked.Add((reader.GetString(0), new EntityCaller(reader.GetInt64(1), reader.GetString(2), reader.GetInt32(3), reader.GetInt32(4))));
        }

        locked.ForEach(entity => transaction.SendToEntity(entity.EntityId, new EntityRelease(entity.Holder)));
        return locked.Count;
    }
}
