using System.Diagnostics.CodeAnalysis;

namespace Microsoft.DurableTask.Entities;

/// <summary>How an orchestrator uses entities.</summary>
public abstract class TaskOrchestrationEntityFeature
{
    /// <summary>Has an entity carry out an operation, and waits for the result.</summary>
    /// <exception cref="EntityOperationFailedException">The operation failed.</exception>
    /// <exception cref="InvalidOperationException">
    /// In a critical section: the entity is not one of the locked, or an earlier call of it is not answered yet.
    /// </exception>
    public abstract Task<TResult> CallEntityAsync<TResult>(
        EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null);

    public virtual Task<TResult> CallEntityAsync<TResult>(EntityInstanceId id, string operationName, CallEntityOptions? options) =>
        CallEntityAsync<TResult>(id, operationName, null, options);

    /// <inheritdoc cref="CallEntityAsync{TResult}(EntityInstanceId, string, object?, CallEntityOptions?)"/>
    public abstract Task CallEntityAsync(EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null);

    public virtual Task CallEntityAsync(EntityInstanceId id, string operationName, CallEntityOptions? options) =>
        CallEntityAsync(id, operationName, null, options);

    /// <summary>Sends an operation to an entity and expects no answer.</summary>
    /// <exception cref="InvalidOperationException">In a critical section: the entity is one of the locked.</exception>
    public abstract Task SignalEntityAsync(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null);

    public virtual Task SignalEntityAsync(EntityInstanceId id, string operationName, SignalEntityOptions? options) =>
        SignalEntityAsync(id, operationName, null, options);

    /// <summary>
    /// Waits until the entities are locked for this orchestration alone, and so enters a critical section; disposing of the result, or the
    /// orchestration's end, leaves it. All take their locks in one order, so that none waits for another forever.
    /// </summary>
    /// <exception cref="InvalidOperationException">The orchestration is in a critical section already.</exception>
    public abstract Task<IAsyncDisposable> LockEntitiesAsync(IEnumerable<EntityInstanceId> entityIds);

    public virtual Task<IAsyncDisposable> LockEntitiesAsync(params EntityInstanceId[] entityIds) => LockEntitiesAsync((IEnumerable<EntityInstanceId>)entityIds);

    /// <summary>Whether the orchestration is in a critical section, and which of the locked entities it may call right now.</summary>
    public abstract bool InCriticalSection([NotNullWhen(true)] out IReadOnlyList<EntityInstanceId>? entityIds);

    public virtual bool InCriticalSection() => InCriticalSection(out _);
}
