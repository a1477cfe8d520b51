namespace DurableTask.Core.History;

/// <summary>An activity is called.</summary>
public sealed class TaskScheduledEvent : HistoryEvent
{
    public override EventType EventType => EventType.TaskScheduled;

    public string Name { get; internal set; } = string.Empty;

    public IReadOnlyDictionary<string, string>? Tags { get; internal set; }
}

/// <summary>An activity answers.</summary>
public sealed class TaskCompletedEvent : HistoryEvent
{
    public override EventType EventType => EventType.TaskCompleted;

    public int TaskScheduledId { get; internal set; }

    public string? Result { get; internal set; }
}

/// <summary>An activity fails.</summary>
public sealed class TaskFailedEvent : HistoryEvent
{
    public override EventType EventType => EventType.TaskFailed;

    public int TaskScheduledId { get; internal set; }

    public string? Reason { get; internal set; }

    public FailureDetails? FailureDetails { get; internal set; }
}

/// <summary>A sub-orchestration is called.</summary>
public sealed class SubOrchestrationInstanceCreatedEvent : HistoryEvent
{
    public override EventType EventType => EventType.SubOrchestrationInstanceCreated;

    public string Name { get; internal set; } = string.Empty;

    public string InstanceId { get; internal set; } = string.Empty;
}

/// <summary>A sub-orchestration answers.</summary>
public sealed class SubOrchestrationInstanceCompletedEvent : HistoryEvent
{
    public override EventType EventType => EventType.SubOrchestrationInstanceCompleted;

    public int TaskScheduledId { get; internal set; }

    public string? Result { get; internal set; }
}

/// <summary>A sub-orchestration fails.</summary>
public sealed class SubOrchestrationInstanceFailedEvent : HistoryEvent
{
    public override EventType EventType => EventType.SubOrchestrationInstanceFailed;

    public int TaskScheduledId { get; internal set; }

    public string? Reason { get; internal set; }

    public FailureDetails? FailureDetails { get; internal set; }
}

/// <summary>A timer is set.</summary>
public sealed class TimerCreatedEvent : HistoryEvent
{
    public override EventType EventType => EventType.TimerCreated;

    public DateTime FireAt { get; internal set; }
}

/// <summary>A timer fires.</summary>
public sealed class TimerFiredEvent : HistoryEvent
{
    public override EventType EventType => EventType.TimerFired;

    public int TimerId { get; internal set; }

    public DateTime FireAt { get; internal set; }
}

/// <summary>An event is sent to another instance.</summary>
public sealed class EventSentEvent : HistoryEvent
{
    public override EventType EventType => EventType.EventSent;

    public string InstanceId { get; internal set; } = string.Empty;

    public string Name { get; internal set; } = string.Empty;
}

/// <summary>An event arrives.</summary>
public sealed class EventRaisedEvent : HistoryEvent
{
    public override EventType EventType => EventType.EventRaised;

    public string Name { get; internal set; } = string.Empty;

    public string? Input { get; internal set; }
}
