namespace Microsoft.DurableTask.Entities;

/// <summary>Thrown into an orchestrator when the entity's operation that it awaits has failed. The entity is as it was before the operation.</summary>
public sealed class EntityOperationFailedException : Exception
{
    public EntityOperationFailedException(EntityInstanceId entityId, string operationName, TaskFailureDetails failureDetails)
        : base($"Operation '{operationName}' of entity '{entityId}' failed: {failureDetails?.ErrorMessage}")
    {
        ArgumentNullException.ThrowIfNull(failureDetails);
        EntityId = entityId;
        OperationName = operationName;
        FailureDetails = failureDetails;
    }

    public EntityInstanceId EntityId { get; }

    public string OperationName { get; }

    public TaskFailureDetails FailureDetails { get; }
}
