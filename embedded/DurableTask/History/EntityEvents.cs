namespace Serverless.Embedded.DurableTask.History;

internal sealed record EntityCalled(int TaskId, string EntityId, string Operation) : ScheduledEvent(TaskId)
{
    public override string Description => $"a call of '{Operation}' of the entity '{EntityId}'";

    public override bool IsRepeatedBy(ScheduledEvent other) =>
        other is EntityCalled called && EntityId == called.EntityId && string.Equals(Operation, called.Operation, StringComparison.OrdinalIgnoreCase);
}

/// <summary><paramref name="At"/>: when the signal arrives; null for at once.</summary>
internal sealed record EntitySignaled(int TaskId, string EntityId, string Operation, DateTime? At = null) : ScheduledEvent(TaskId)
{
    public override string Description => $"a signal '{Operation}' to the entity '{EntityId}'";

    // As with timers, another delay is an allowed change of code.
    public override bool IsRepeatedBy(ScheduledEvent other) =>
        other is EntitySignaled signaled && EntityId == signaled.EntityId && string.Equals(Operation, signaled.Operation, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The entities are in the order in which they are locked.</summary>
internal sealed record EntityLockRequested(int TaskId, IReadOnlyList<string> EntityIds) : ScheduledEvent(TaskId)
{
    public override string Description => $"a lock of the entities {EntityNames.List(EntityIds)}";

    public override bool IsRepeatedBy(ScheduledEvent other) => other is EntityLockRequested requested && EntityIds.SequenceEqual(requested.EntityIds);
}

/// <summary>The lock that was asked for as <paramref name="LockTaskId"/> is given back.</summary>
internal sealed record EntityLockReleased(int TaskId, int LockTaskId, IReadOnlyList<string> EntityIds) : ScheduledEvent(TaskId)
{
    public override string Description => $"a release of the entities {EntityNames.List(EntityIds)}";

    public override bool IsRepeatedBy(ScheduledEvent other) => other is EntityLockReleased released && LockTaskId == released.LockTaskId;
}

internal sealed record EntityCallCompleted(int TaskId, string? Result) : HistoryEvent;

internal sealed record EntityCallFailed(int TaskId, FailureRecord Failure) : HistoryEvent;

/// <summary>All entities of the request are locked.</summary>
internal sealed record EntityLockGranted(int TaskId) : HistoryEvent;

internal static class EntityNames
{
    public static string List(IEnumerable<string> entityIds) => string.Join(", ", entityIds.Select(id => $"'{id}'"));
}
