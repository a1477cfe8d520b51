using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>What an episode sends to entities.</summary>
internal static class EntityActions
{
    public static void CarryOut(StoreTransaction transaction, InstanceRow instance, ScheduledAction action, DateTime utcNow)
    {
        EntityCaller Task(int taskId) => new(instance.Key, instance.InstanceId, instance.Execution, taskId);
        switch (action.Event)
        {
            case EntityCalled called:
                transaction.SendToEntity(called.EntityId, new EntityOperation(called.Operation, action.Data, Task(called.TaskId)));
                break;
            case EntitySignaled signaled:
                transaction.SendToEntity(signaled.EntityId, new EntityOperation(signaled.Operation, action.Data, null), signaled.At > utcNow ? signaled.At : null);
                break;
            case EntityLockRequested requested:
                transaction.SendToEntity(requested.EntityIds[0], new EntityLock(Task(requested.TaskId), requested.EntityIds, 0));
                break;
            case EntityLockReleased released:
                foreach (var entityId in released.EntityIds)
                    transaction.SendToEntity(entityId, new EntityRelease(Task(released.LockTaskId)));
                break;
        }
    }
}
