using Microsoft.DurableTask.Client;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>
/// An instance. <paramref name="Key"/> is another one for each instance that ever had the id; <paramref name="Execution"/> is 1 at first
/// and one more each time the instance continues as new.
/// </summary>
internal sealed record InstanceRow(
    long Key, string InstanceId, int Execution, string Name, string Version, OrchestrationRuntimeStatus Status, ParentRef? Parent)
{
    public bool IsFinished => IsEnd(Status);

    public static bool IsEnd(OrchestrationRuntimeStatus status) =>
        status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}

/// <summary>Who waits for a sub-orchestration, as which task.</summary>
internal sealed record ParentRef(long Key, int Execution, int TaskId);

/// <summary>A message for <paramref name="Execution"/> (null: for any), in effect from <paramref name="VisibleAt"/> on (null: at once).</summary>
internal sealed record InboxMessage(long Id, int? Execution, DateTime? VisibleAt, HistoryEvent Event)
{
    /// <summary>
    /// The activity whose result this is, as long as the result is in memory alone: in the store the activity still stands, and would run
    /// again after a crash. Null: the message is in the store.
    /// </summary>
    public long? ActivityId { get; init; }
}

internal sealed record Delivery(long Key, string InstanceId, InboxMessage Message);

internal sealed record PendingActivity(long Id, long Key, string InstanceId, int Execution, int TaskId, string Name, string? Input);

internal sealed record StatusChange(string InstanceId, OrchestrationRuntimeStatus Status);

/// <summary>What a committed step means for the dispatchers.</summary>
internal sealed class StepEffects
{
    public List<Delivery> Deliveries { get; } = [];

    public List<PendingActivity> Activities { get; } = [];

    public List<EntityMail> EntityMail { get; } = [];

    /// <summary>Messages that are deleted before they took effect: cancelled timers.</summary>
    public List<long> WithdrawnMessages { get; } = [];

    public List<StatusChange> Changed { get; } = [];

    /// <summary>Instances were deleted, so that pages of the file may be free.</summary>
    public bool HasPurged { get; set; }
}
