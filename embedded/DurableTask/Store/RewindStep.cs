using Microsoft.DurableTask.Client;
using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>The transaction that takes a failed instance up again, and with it the failed sub-orchestrations that it waits for.</summary>
/// <param name="Instance">As it was when the plan was made.</param>
/// <param name="Plan">Its new history, and what is to be set going.</param>
/// <param name="Children">The failed sub-orchestrations among what it waits for, by task number.</param>
internal sealed record RewindStep(InstanceRow Instance, RewindPlan Plan, IReadOnlyDictionary<int, RewindStep> Children)
{
    private long Key => Instance.Key;

    /// <exception cref="InvalidOperationException">An instance has changed since the plan was made.</exception>
    public void Run(StoreTransaction transaction, DateTime utcNow)
    {
        if (transaction.FindInstance(Instance.InstanceId) != Instance)
            throw new InvalidOperationException($"The orchestration '{Instance.InstanceId}' changed while it was to be rewound. Look at its status, and try again.");
        transaction.DeleteHistory(Key);
        transaction.AppendHistory(Key, 0, HistoryJson.Write(Plan.History));
        transaction.SetResult(Instance, OrchestrationRuntimeStatus.Running, utcNow, null, null);
        foreach (var action in Plan.Open)
            SetGoing(transaction, action, utcNow);
        transaction.Send(Key, Instance.InstanceId, Instance.Execution, null, null, new ExecutionRewound(null));
    }

    private void SetGoing(StoreTransaction transaction, ScheduledAction action, DateTime utcNow)
    {
        switch (action.Event)
        {
            // One that still runs from before will answer.
            case ActivityScheduled activity when !transaction.HasActivity(Key, Instance.Execution, activity.TaskId):
                transaction.AddActivity(Key, Instance.InstanceId, Instance.Execution, activity.TaskId, activity.Name, action.Data);
                break;
            case TimerCreated timer:
                transaction.Send(Key, Instance.InstanceId, Instance.Execution, timer.TaskId, timer.FireAt, new TimerFired(timer.TaskId));
                break;
            case ChildScheduled child when Children.TryGetValue(child.TaskId, out var rewind):
                rewind.Run(transaction, utcNow);
                break;
            case ChildScheduled child:
                SetGoing(transaction, child, action, utcNow);
                break;
            case EntityCalled or EntityLockRequested:
                EntityActions.CarryOut(transaction, Instance, action, utcNow);
                break;
        }
    }

    private void SetGoing(StoreTransaction transaction, ChildScheduled child, ScheduledAction action, DateTime utcNow)
    {
        var existing = transaction.FindInstance(child.InstanceId);
        if (existing?.Parent != new ParentRef(Key, Instance.Execution, child.TaskId) || existing.Status == OrchestrationRuntimeStatus.Terminated)
            ChildStart.Run(transaction, Instance, child, action, utcNow);
        else if (existing.Status == OrchestrationRuntimeStatus.Completed)
            transaction.SendToExecution(Key, Instance.Execution, new ChildCompleted(child.TaskId, transaction.GetOutput(existing.Key)));
        else if (existing.IsFinished)
            throw new InvalidOperationException($"The sub-orchestration '{child.InstanceId}' failed while '{Instance.InstanceId}' was to be rewound. Try again.");
    }
}
