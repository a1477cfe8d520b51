using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask;

/// <summary>
/// A batch of operations of one entity. It may come more than once, but what the operations do to the state and send takes effect once.
/// </summary>
public sealed class EntityWorkItem
{
    private readonly EntityRun _run;
    private readonly Action<string, Exception> _failed;

    internal EntityWorkItem(
        EntityInstanceId id, string? state, IReadOnlyList<EntityOperation> operations, DataConverter converter, Action<string, Exception> failed)
    {
        Id = id;
        OperationCount = operations.Count;
        _run = new EntityRun(id, state, operations, converter);
        _failed = failed;
    }

    public EntityInstanceId Id { get; }

    public int OperationCount { get; }

    /// <summary>Null until <see cref="RunAsync"/> has ended.</summary>
    internal EntityOutcome? Outcome { get; private set; }

    /// <summary>Has the entity carry out the operations. What one of them throws goes to its caller, not to the caller of this method.</summary>
    public async Task RunAsync(ITaskEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        Outcome = await _run.RunAsync(entity, _failed);
    }
}
