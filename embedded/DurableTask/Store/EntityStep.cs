using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>
/// A batch's transaction: the end of the messages it took, the new state, the results for the callers, what the operations sent, and the lock.
/// <paramref name="Entity"/> is as it was before.
/// </summary>
internal sealed record EntityStep(EntityRow Entity, EntityBatch Batch, EntityOutcome Outcome, DateTime UtcNow)
{
    /// <summary>The orchestrations that were to be started under an id that an unfinished one has.</summary>
    public IReadOnlyList<string> NotStarted { get; private set; } = [];

    /// <returns>The entity as it is now.</returns>
    public EntityRow Run(StoreTransaction transaction)
    {
        foreach (var mail in Batch.Taken)
            transaction.DeleteEntityMail(mail.Id);
        foreach (var (operation, result) in Batch.Operations.Zip(Outcome.Results))
            Answer(transaction, operation, result);
        foreach (var signal in Outcome.Signals)
            transaction.SendToEntity(signal.EntityId, new EntityOperation(signal.Operation, signal.Input, null), signal.At > UtcNow ? signal.At : null);
        NotStarted = [.. Outcome.Starts.Where(start => !Start(transaction, start)).Select(start => start.InstanceId)];

        var granted = Batch.Request is { } request && Grant(transaction, request) ? request.Caller : null;
        var entity = Entity with { State = Outcome.State, Holder = granted ?? Batch.Holder };
        transaction.Keep(entity, UtcNow);
        return entity;
    }

    private static void Answer(StoreTransaction transaction, EntityOperation operation, EntityResult result)
    {
        if (operation.Caller is not { } caller)
            return;
        transaction.SendToExecution(caller.Key, caller.Execution, result.Failure is { } failure
            ? new EntityCallFailed(caller.TaskId, failure)
            : new EntityCallCompleted(caller.TaskId, result.Output));
    }

    /// <summary>Gives the lock, unless the orchestration has ended meanwhile: nobody would give it back.</summary>
    private static bool Grant(StoreTransaction transaction, EntityLock request)
    {
        if (!transaction.GoesOn(request.Caller))
            return false;
        var next = request.Position + 1;
        if (next < request.EntityIds.Count)
            transaction.SendToEntity(request.EntityIds[next], request with { Position = next });
        else
            transaction.SendToExecution(request.Caller.Key, request.Caller.Execution, new EntityLockGranted(request.Caller.TaskId));
        return true;
    }

    private bool Start(StoreTransaction transaction, EntityStart start)
    {
        if (transaction.FindInstance(start.InstanceId) is { IsFinished: false })
            return false;
        transaction.CreateInstance(
            start.InstanceId,
            new ExecutionStarted(start.Name, start.Version, start.Input, 1, Entity.EntityId, Entity.EntityId),
            null,
            UtcNow,
            start.At > UtcNow ? start.At : null);
        return true;
    }
}
