using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>Carries out a batch's operations, one after the other. What one that throws has done to the state or sent is undone.</summary>
internal sealed class EntityRun(EntityInstanceId id, string? state, IReadOnlyList<EntityOperation> operations, DataConverter converter)
{
    /// <summary><paramref name="failed"/> is told of each operation that throws.</summary>
    public async Task<EntityOutcome> RunAsync(ITaskEntity entity, Action<string, Exception> failed)
    {
        List<EntityResult> results = [];
        var kept = new EntityStateHolder(converter, state);
        var context = new EntityContext(id, converter);
        foreach (var operation in operations)
        {
            try
            {
                var output = converter.Serialize(await entity.RunAsync(new EntityOperationContext(operation, context, kept, converter)));
                kept.Commit();
                context.Commit();
                results.Add(new EntityResult(output, null));
            }
            catch (Exception exception)
            {
                kept.RollBack();
                context.RollBack();
                results.Add(new EntityResult(null, FailureRecord.From(exception)));
                failed(operation.Name, exception);
            }
        }

        return new EntityOutcome(results, kept.Serialized, context.Signals, context.Starts);
    }
}

internal sealed class EntityOperationContext(EntityOperation operation, EntityContext context, EntityStateHolder state, DataConverter converter) : TaskEntityOperation
{
    public override string Name => operation.Name;

    public override TaskEntityContext Context => context;

    public override TaskEntityState State => state;

    public override bool HasInput => operation.Input is not null;

    public override object? GetInput(Type inputType) => converter.Deserialize(operation.Input, inputType);
}
