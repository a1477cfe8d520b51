using Microsoft.DurableTask.Client;
using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>
/// An episode's transaction: its new history from <paramref name="FirstSequence"/> on, what it asked for, and the end of
/// <paramref name="ConsumedMessages"/>, which are now in the history or which nobody wants. <paramref name="Instance"/> is as it was before.
/// </summary>
internal sealed record EpisodeStep(
    InstanceRow Instance, int FirstSequence, IReadOnlyList<InboxMessage> ConsumedMessages, EpisodeResult Result, DateTime UtcNow)
{
    // Written here, by whoever ran the episode: the writer, of which there is one, has enough to do.
    private readonly byte[] _history = Result.End is ContinuedAsNew ? [] : HistoryJson.Write(Result.NewEvents);

    private long Key => Instance.Key;

    public void Run(StoreTransaction transaction)
    {
        foreach (var message in ConsumedMessages)
            transaction.Consume(Key, message);
        if (Result.End is not null)
            transaction.ReleaseEntities(Key);
        if (Result.End is ContinuedAsNew next)
            StartOver(transaction, next);
        else
            GoOn(transaction);
        foreach (var action in Result.Actions.Where(action => !action.IsWithdrawn))
            CarryOut(transaction, action);
        if (Result.CustomStatus is { } status)
            transaction.SetCustomStatus(Key, status.Json);
    }

    private void GoOn(StoreTransaction transaction)
    {
        transaction.AppendHistory(Key, FirstSequence, _history);
        foreach (var taskId in Result.CancelledTimers)
            transaction.DeleteTimer(Key, taskId);

        var status = Result.IsSuspended ? OrchestrationRuntimeStatus.Suspended : OrchestrationRuntimeStatus.Running;
        if (Result.End is not null)
            Finish(transaction, Result.End);
        else if (status == Instance.Status)
            transaction.TouchInstance(Key, UtcNow);
        else
            transaction.UpdateInstance(Instance, Instance.Execution, status, UtcNow);
    }

    private void Finish(StoreTransaction transaction, ExecutionEnd end)
    {
        if (end is Failed)
            KeepWhatCameMeanwhile(transaction);
        transaction.DeleteMessages(Key);
        var (status, output, failure) = end switch
        {
            Completed completed => (OrchestrationRuntimeStatus.Completed, completed.Output, null),
            Terminated terminated => (OrchestrationRuntimeStatus.Terminated, terminated.Output, WasTerminated(terminated)),
            Failed failed => (OrchestrationRuntimeStatus.Failed, null, failed.Failure),
            _ => throw new InvalidOperationException($"An execution cannot finish as {end.GetType().Name}."),
        };
        transaction.SetResult(Instance, status, UtcNow, output, end is Failed ? failure : null);
        if (Instance.Parent is { } parent)
        {
            transaction.SendToExecution(
                parent.Key, parent.Execution, failure is null ? new ChildCompleted(parent.TaskId, output) : new ChildFailed(parent.TaskId, failure));
        }

        if (end is Terminated { IsRecursive: true } termination)
        {
            foreach (var childId in transaction.UnfinishedChildren(Key))
                transaction.SendToInstance(childId, new ExecutionTerminated(termination.Output, true));
        }
    }

    // A rewound execution finds it where it finds what came before the failure.
    private void KeepWhatCameMeanwhile(StoreTransaction transaction)
    {
        var kept = transaction.Messages(Key, Instance.Execution).Where(RewindPlan.Wants).ToList();
        if (kept.Count > 0)
            transaction.AppendHistory(Key, FirstSequence + Result.NewEvents.Count, HistoryJson.Write(kept));
    }

    private void StartOver(StoreTransaction transaction, ContinuedAsNew next)
    {
        var execution = next.Next.Execution;
        transaction.DeleteHistory(Key);
        transaction.DeleteTimers(Key);
        transaction.UpdateInstance(Instance, execution, OrchestrationRuntimeStatus.Running, UtcNow);
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
            default:
                EntityActions.CarryOut(transaction, Instance, action, UtcNow);
                break;
        }
    }

    private FailureRecord WasTerminated(Terminated terminated) => new(
        "OrchestrationTerminated", $"The sub-orchestration '{Instance.Name}' ({Instance.InstanceId}) was terminated: {terminated.Output ?? "no reason given"}.", IsNonRetriable: true);
}
