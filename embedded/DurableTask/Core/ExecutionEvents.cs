namespace DurableTask.Core.History;

/// <summary>An execution begins.</summary>
public sealed class ExecutionStartedEvent : HistoryEvent
{
    public override EventType EventType => EventType.ExecutionStarted;

    public string Name { get; internal set; } = string.Empty;

    public string Version { get; internal set; } = string.Empty;

    public string? Input { get; internal set; }

    public IReadOnlyDictionary<string, string>? Tags { get; internal set; }
}

/// <summary>The execution ends by itself, well or not.</summary>
public sealed class ExecutionCompletedEvent : HistoryEvent
{
    public override EventType EventType => EventType.ExecutionCompleted;

    public OrchestrationStatus OrchestrationStatus { get; internal set; }

    public string? Result { get; internal set; }

    public FailureDetails? FailureDetails { get; internal set; }
}

/// <summary>The execution is ended from outside.</summary>
public sealed class ExecutionTerminatedEvent : HistoryEvent
{
    public override EventType EventType => EventType.ExecutionTerminated;

    public string? Input { get; internal set; }
}

/// <summary>The execution is held.</summary>
public sealed class ExecutionSuspendedEvent : HistoryEvent
{
    public override EventType EventType => EventType.ExecutionSuspended;

    public string? Reason { get; internal set; }
}

/// <summary>The execution goes on.</summary>
public sealed class ExecutionResumedEvent : HistoryEvent
{
    public override EventType EventType => EventType.ExecutionResumed;

    public string? Reason { get; internal set; }
}

/// <summary>The failed execution is taken up again.</summary>
public sealed class ExecutionRewoundEvent : HistoryEvent
{
    public override EventType EventType => EventType.ExecutionRewound;

    public string? Reason { get; internal set; }
}

/// <summary>A step of the orchestrator's code begins.</summary>
public sealed class OrchestratorStartedEvent : HistoryEvent
{
    public override EventType EventType => EventType.OrchestratorStarted;
}

/// <summary>A step of the orchestrator's code ends.</summary>
public sealed class OrchestratorCompletedEvent : HistoryEvent
{
    public override EventType EventType => EventType.OrchestratorCompleted;
}
