using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;
using Serverless.Embedded.DurableTask.History;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Embedded.DurableTask;

/// <summary>The client of the entities of a hub in the same process.</summary>
internal sealed class HubEntityClient(string hubName, StoreReader reader, StoreWriter writer, DataConverter converter, TimeProvider time)
    : DurableEntityClient(hubName)
{
    public override async Task SignalEntityAsync(
        EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null, CancellationToken cancellation = default)
    {
        EntityIds.ThrowIfInvalid(id);
        ArgumentNullException.ThrowIfNull(operationName);
        cancellation.ThrowIfCancellationRequested();
        var operation = new EntityOperation(operationName, converter.Serialize(input), null);
        var at = options?.SignalTime?.UtcDateTime;
        var visibleAt = at > time.GetUtcNow().UtcDateTime ? at : null;
        await writer.WriteAsync(
            transaction =>
            {
                transaction.SendToEntity(id.ToString(), operation, visibleAt);
                return true;
            },
            cancellation);
    }

    public override Task<EntityMetadata?> GetEntityAsync(EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default) =>
        Task.FromResult(Find(id, includeState, cancellation) is { } entity ? ToMetadata(entity) : null);

    public override Task<EntityMetadata<T>?> GetEntityAsync<T>(EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default) =>
        Task.FromResult(Find(id, includeState, cancellation) is { } entity ? ToMetadata<T>(entity) : null);

    public override AsyncPageable<EntityMetadata> GetAllEntitiesAsync(EntityQuery? filter = null) => Query(filter, ToMetadata);

    public override AsyncPageable<EntityMetadata<T>> GetAllEntitiesAsync<T>(EntityQuery? filter = null) => Query(filter, ToMetadata<T>);

    public override async Task<CleanEntityStorageResult> CleanEntityStorageAsync(
        CleanEntityStorageRequest? request = null, bool continueUntilComplete = true, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();

        // Entities without state and lock are removed by the step that leaves them so; there are never any to be removed here.
        return (request ?? CleanEntityStorageRequest.Default).ReleaseOrphanedLocks
            ? new CleanEntityStorageResult { OrphanedLocksReleased = await writer.WriteAsync(EntityStore.ReleaseOrphans, cancellation) }
            : default;
    }

    private EntityDescription? Find(EntityInstanceId id, bool includeState, CancellationToken cancellationToken)
    {
        EntityIds.ThrowIfInvalid(id);
        cancellationToken.ThrowIfCancellationRequested();
        return reader.FindEntity(id.ToString(), includeState);
    }

    private AsyncPageable<TMetadata> Query<TMetadata>(EntityQuery? filter, Func<EntityDescription, TMetadata> select)
        where TMetadata : notnull
    {
        var query = filter ?? new EntityQuery();
        return Pageable.Create<TMetadata>((continuation, pageSize, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var (entities, next) = reader.QueryEntities(query, continuation ?? query.ContinuationToken, pageSize ?? query.PageSize ?? EntityQuery.DefaultPageSize);
            return Task.FromResult(new Page<TMetadata>([.. entities.Select(select)], next));
        });
    }

    private EntityMetadata ToMetadata(EntityDescription entity) =>
        new(EntityInstanceId.FromString(entity.EntityId), entity.State is { } state ? new SerializedData(state, converter) : null)
        {
            LastModifiedTime = entity.ModifiedAt,
            BacklogQueueSize = entity.Backlog,
            LockedBy = entity.LockedBy,
        };

    private EntityMetadata<T> ToMetadata<T>(EntityDescription entity)
    {
        var id = EntityInstanceId.FromString(entity.EntityId);
        return entity.State is { } state
            ? new(id, converter.Deserialize<T>(state)) { LastModifiedTime = entity.ModifiedAt, BacklogQueueSize = entity.Backlog, LockedBy = entity.LockedBy }
            : new(id) { LastModifiedTime = entity.ModifiedAt, BacklogQueueSize = entity.Backlog, LockedBy = entity.LockedBy };
    }
}
