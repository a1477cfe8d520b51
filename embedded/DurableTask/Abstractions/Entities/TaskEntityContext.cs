namespace Microsoft.DurableTask.Entities;

/// <summary>What an entity's operation may use. What it sends goes out when the operation's effects are stored, and not at all when it throws.</summary>
public abstract class TaskEntityContext
{
    public abstract EntityInstanceId Id { get; }

    public virtual void SignalEntity(EntityInstanceId id, string operationName, SignalEntityOptions options) => SignalEntity(id, operationName, null, options);

    /// <summary>Sends an operation to an entity, this one or another, and expects no answer.</summary>
    public abstract void SignalEntity(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null);

    public virtual string ScheduleNewOrchestration(TaskName name, StartOrchestrationOptions options) => ScheduleNewOrchestration(name, null, options);

    /// <summary>Starts an orchestration, unless an unfinished one has the id.</summary>
    /// <returns>The id of the instance.</returns>
    public abstract string ScheduleNewOrchestration(TaskName name, object? input = null, StartOrchestrationOptions? options = null);
}
