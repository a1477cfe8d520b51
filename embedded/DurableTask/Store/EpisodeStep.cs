using Microsoft.DurableTask.Client;
using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>
/// An episode's transaction: its new history from <paramref name="FirstSequence"/> on, what it asked for, and the end of
/// <paramref name="ConsumedMessages"/>, which are now in the history or which nobody wants. <paramref name="Instance"/> is as it was before.
/// </summary>
internal sealed record EpisodeStep(
    InstanceRow Instance, int FirstSequence, IReadOnlyList<long> ConsumedMessages, EpisodeResult Result, DateTime UtcNow)
{
    private long Key => Instance.Key;

    public bool Run(StoreTransaction transaction)
    {
        foreach (var message in ConsumedMessages)
            transaction.DeleteMessage(message);
        if (Result.End is ContinuedAsNew next)
            StartOver(transaction, next);
        else
            GoOn(transaction);
        foreach (var action in Result.Actions.Where(action => !action.IsWithdrawn))
            CarryOut(transaction, action);
        if (Result.CustomStatus is { } status)
            transaction.SetCustomStatus(Key, status.Json);
        return true;
    }

    private void GoOn(StoreTransaction transaction)
    {
        for (var i = 0; i < Result.NewEvents.Count; i++)
            transaction.AppendHistory(Key, FirstSequence + i, Result.NewEvents[i]);
        foreach (var taskId in Result.CancelledTimers)
            transaction.DeleteTimer(Key, taskId);

        var status = Result.End switch
        {
            null => Result.IsSuspended ? OrchestrationRuntimeStatus.Suspended : OrchestrationRuntimeStatus.Running,
            Completed => OrchestrationRuntimeStatus.Completed,
            Terminated => OrchestrationRuntimeStatus.Terminated,
            _ => OrchestrationRuntimeStatus.Failed,
        };
        transaction.UpdateInstance(Key, Instance.Execution, status, UtcNow);
        if (status != Instance.Status)
            transaction.Effects.Changed.Add(Instance.InstanceId);
        if (Result.End is not null)
            Finish(transaction, Result.End);
    }

    private void Finish(StoreTransaction transaction, ExecutionEnd end)
    {
        transaction.DeleteMessages(Key);
        var (output, failure) = end switch
        {
            Completed completed => (completed.Output, null),
            Failed failed => (null, failed.Failure),
            Terminated terminated => (terminated.Output, WasTerminated(terminated)),
            _ => default((string?, FailureRecord?)),
        };
        transaction.SetResult(Key, output, end is Failed ? failure : null);
        if (Instance.Parent is { } parent)
        {
            transaction.SendToExecution(
                parent.Key, parent.Execution, failure is null ? new ChildCompleted(parent.TaskId, output) : new ChildFailed(parent.TaskId, failure));
        }

        if (end is Terminated { IsRecursive: true } termination)
        {
            foreach (var child in transaction.Children(Key).Where(child => !child.IsFinished))
                transaction.SendToInstance(child.InstanceId, new ExecutionTerminated(termination.Output, true));
        }
    }

    private void StartOver(StoreTransaction transaction, ContinuedAsNew next)
    {
        var execution = next.Next.Execution;
        transaction.DeleteHistory(Key);
        transaction.DeleteTimers(Key);
        transaction.UpdateInstance(Key, execution, OrchestrationRuntimeStatus.Running, UtcNow);
        transaction.SetInput(Key, next.Next.Input, next.Next.Version);
        transaction.Send(Key, Instance.InstanceId, execution, null, null, next.Next);
    }

    private void CarryOut(StoreTransaction transaction, ScheduledAction action)
    {
        switch (action.Event)
        {
            case ActivityScheduled activity:
                transaction.AddActivity(Key, Instance.InstanceId, Instance.Execution, activity.TaskId, activity.Name, action.Data);
                break;
            case TimerCreated timer when Result.End is null:
                transaction.Send(Key, Instance.InstanceId, Instance.Execution, timer.TaskId, timer.FireAt, new TimerFired(timer.TaskId));
                break;
            case ChildScheduled child:
                ChildStart.Run(transaction, Instance, child, action, UtcNow);
                break;
            case EventSent sent:
                transaction.SendToInstance(sent.InstanceId, new EventRaised(sent.Name, action.Data));
                break;
        }
    }

    private FailureRecord WasTerminated(Terminated terminated) => new(
        "OrchestrationTerminated", $"The sub-orchestration '{Instance.Name}' ({Instance.InstanceId}) was terminated: {terminated.Output ?? "no reason given"}.", IsNonRetriable: true);
}
