using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>Starts a sub-orchestration, or answers at once that its id is taken.</summary>
internal static class ChildStart
{
    public static void Run(StoreTransaction transaction, InstanceRow parent, ChildScheduled child, ScheduledAction action, DateTime utcNow)
    {
        if (transaction.FindInstance(child.InstanceId) is { IsFinished: false } existing)
        {
            transaction.SendToExecution(parent.Key, parent.Execution, new ChildFailed(child.TaskId, new FailureRecord(
                "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException",
                $"The sub-orchestration '{child.Name}' was to run as '{child.InstanceId}', but an orchestration '{existing.Name}' of that id is {existing.Status}. "
                + "Give the sub-orchestration an id of its own.",
                IsNonRetriable: true)));
            return;
        }

        transaction.CreateInstance(
            child.InstanceId,
            new ExecutionStarted(child.Name, action.Version, action.Data, 1, parent.Name, parent.InstanceId, action.Tags),
            new ParentRef(parent.Key, parent.Execution, child.TaskId),
            utcNow,
            null);
    }
}
