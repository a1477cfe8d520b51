using System.Text.Json.Serialization;

namespace Serverless.Embedded.DurableTask.History;

/// <summary>
/// One entry of an orchestration's history, and, where it comes from outside, the message that brings it. The names in JSON are a
/// storage format: members may be added, none may be renamed or removed.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(ExecutionStarted), "executionStarted")]
[JsonDerivedType(typeof(EpisodeStarted), "episodeStarted")]
[JsonDerivedType(typeof(ActivityScheduled), "activityScheduled")]
[JsonDerivedType(typeof(ActivityCompleted), "activityCompleted")]
[JsonDerivedType(typeof(ActivityFailed), "activityFailed")]
[JsonDerivedType(typeof(TimerCreated), "timerCreated")]
[JsonDerivedType(typeof(TimerFired), "timerFired")]
[JsonDerivedType(typeof(ChildScheduled), "childScheduled")]
[JsonDerivedType(typeof(ChildCompleted), "childCompleted")]
[JsonDerivedType(typeof(ChildFailed), "childFailed")]
[JsonDerivedType(typeof(EventSent), "eventSent")]
[JsonDerivedType(typeof(EventRaised), "eventRaised")]
[JsonDerivedType(typeof(EntityCalled), "entityCalled")]
[JsonDerivedType(typeof(EntityCallCompleted), "entityCallCompleted")]
[JsonDerivedType(typeof(EntityCallFailed), "entityCallFailed")]
[JsonDerivedType(typeof(EntitySignaled), "entitySignaled")]
[JsonDerivedType(typeof(EntityLockRequested), "entityLockRequested")]
[JsonDerivedType(typeof(EntityLockGranted), "entityLockGranted")]
[JsonDerivedType(typeof(EntityLockReleased), "entityLockReleased")]
[JsonDerivedType(typeof(ExecutionSuspended), "executionSuspended")]
[JsonDerivedType(typeof(ExecutionResumed), "executionResumed")]
[JsonDerivedType(typeof(ExecutionTerminated), "executionTerminated")]
[JsonDerivedType(typeof(ExecutionCompleted), "executionCompleted")]
[JsonDerivedType(typeof(ExecutionRewound), "executionRewound")]
internal abstract record HistoryEvent;

/// <summary><paramref name="Execution"/> is 1 at first, and one more each time the orchestration continues as new.</summary>
internal sealed record ExecutionStarted(
    string Name,
    string Version,
    string? Input,
    int Execution,
    string? ParentName = null,
    string? ParentInstanceId = null,
    IReadOnlyDictionary<string, string>? Tags = null) : HistoryEvent
{
    /// <summary>What the execution before left over, in order. It comes before all that is in the inbox, and enters the history as entries of its own.</summary>
    public IReadOnlyList<HistoryEvent>? Carried { get; init; }
}

/// <summary>An episode begins: the orchestration's clock moves to <paramref name="Utc"/>.</summary>
internal sealed record EpisodeStarted(DateTime Utc) : HistoryEvent;

/// <summary>What the orchestrator's code asked for. A replay must ask for the same under the same number.</summary>
internal abstract record ScheduledEvent(int TaskId) : HistoryEvent
{
    [JsonIgnore]
    public abstract string Description { get; }

    /// <summary>Whether the code that now asks for <paramref name="other"/> repeats this event.</summary>
    public abstract bool IsRepeatedBy(ScheduledEvent other);
}

internal sealed record ActivityScheduled(int TaskId, string Name, IReadOnlyDictionary<string, string>? Tags = null) : ScheduledEvent(TaskId)
{
    public override string Description => $"a call of the activity '{Name}'";

    public override bool IsRepeatedBy(ScheduledEvent other) =>
        other is ActivityScheduled activity && string.Equals(Name, activity.Name, StringComparison.OrdinalIgnoreCase);
}

internal sealed record TimerCreated(int TaskId, DateTime FireAt) : ScheduledEvent(TaskId)
{
    public override string Description => "a timer";

    // A longer or shorter delay is an allowed change of code: running timers keep the time they were created with.
    public override bool IsRepeatedBy(ScheduledEvent other) => other is TimerCreated;
}

internal sealed record ChildScheduled(int TaskId, string Name, string InstanceId) : ScheduledEvent(TaskId)
{
    public override string Description => $"a call of the sub-orchestration '{Name}'";

    public override bool IsRepeatedBy(ScheduledEvent other) =>
        other is ChildScheduled child && string.Equals(Name, child.Name, StringComparison.OrdinalIgnoreCase);
}

internal sealed record EventSent(int TaskId, string InstanceId, string Name) : ScheduledEvent(TaskId)
{
    public override string Description => $"an event '{Name}' to '{InstanceId}'";

    public override bool IsRepeatedBy(ScheduledEvent other) =>
        other is EventSent sent && string.Equals(Name, sent.Name, StringComparison.OrdinalIgnoreCase);
}

internal sealed record ActivityCompleted(int TaskId, string? Result) : HistoryEvent;

internal sealed record ActivityFailed(int TaskId, FailureRecord Failure) : HistoryEvent;

internal sealed record TimerFired(int TaskId) : HistoryEvent;

internal sealed record ChildCompleted(int TaskId, string? Result) : HistoryEvent;

internal sealed record ChildFailed(int TaskId, FailureRecord Failure) : HistoryEvent;

internal sealed record EventRaised(string Name, string? Data) : HistoryEvent;

internal sealed record ExecutionSuspended(string? Reason) : HistoryEvent;

internal sealed record ExecutionResumed(string? Reason) : HistoryEvent;

internal sealed record ExecutionTerminated(string? Output, bool IsRecursive) : HistoryEvent;

/// <summary>
/// The failed execution was taken up again: its failures are gone from the history above, and what the code asks for here beyond it is new.
/// As a message it only makes the instance run.
/// </summary>
internal sealed record ExecutionRewound(string? Reason) : HistoryEvent;

internal sealed record ExecutionCompleted(bool IsSuccess, string? Output, FailureRecord? Failure) : HistoryEvent;
