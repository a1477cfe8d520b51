namespace DurableTask.Core.History;

/// <summary>One entry of an orchestration's history, as <c>GetOrchestrationHistoryAsync</c> gives it.</summary>
public abstract class HistoryEvent
{
    /// <summary>The number of a task where the entry schedules one; −1 otherwise.</summary>
    public int EventId { get; internal set; } = -1;

    public bool IsPlayed { get; set; }

    /// <summary>When the step that recorded the entry was taken, in UTC.</summary>
    public DateTime Timestamp { get; set; }

    public abstract EventType EventType { get; }
}

/// <summary>What happened. The names and numbers are those of the Durable Task Framework.</summary>
public enum EventType
{
    ExecutionStarted,
    ExecutionCompleted,
    ExecutionFailed,
    ExecutionTerminated,
    TaskScheduled,
    TaskCompleted,
    TaskFailed,
    SubOrchestrationInstanceCreated,
    SubOrchestrationInstanceCompleted,
    SubOrchestrationInstanceFailed,
    TimerCreated,
    TimerFired,
    OrchestratorStarted,
    OrchestratorCompleted,
    EventSent,
    EventRaised,
    ContinueAsNew,
    GenericEvent,
    HistoryState,
    ExecutionSuspended,
    ExecutionResumed,
    ExecutionRewound,
}
