using Microsoft.DurableTask.Entities;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>The entities that an orchestration has locked, or waits to lock, and which of them it may call: one call of each at a time.</summary>
internal sealed class CriticalSection(IReadOnlyList<EntityInstanceId> locked)
{
    private readonly List<EntityInstanceId> _available = [];
    private bool _isEntered;

    /// <summary>The number of the task that asked for the locks.</summary>
    public int LockTaskId { get; set; }

    public IReadOnlyList<string> EntityIds { get; } = [.. locked.Select(id => id.ToString())];

    public IReadOnlyList<EntityInstanceId> Available => [.. _available];

    public void Enter()
    {
        _isEntered = true;
        _available.AddRange(locked);
    }

    public void Take(EntityInstanceId id)
    {
        if (_available.Remove(id))
            return;
        throw new InvalidOperationException((_isEntered, locked.Contains(id)) switch
        {
            (false, _) => $"The entity '{id}' was called while locks are being waited for. Await LockEntitiesAsync first.",
            (true, true) => $"The locked entity '{id}' was called while an earlier call of it is not answered. Await that one first.",
            _ => $"The entity '{id}' was called in a critical section, but is not one of the locked: {string.Join(", ", EntityIds)}. Lock it too, or call it outside.",
        });
    }

    public void GiveBack(EntityInstanceId id) => _available.Add(id);

    public void ThrowIfLocked(EntityInstanceId id)
    {
        if (locked.Contains(id))
            throw new InvalidOperationException($"The entity '{id}' was signalled in a critical section in which it is locked. Call it instead, or signal it outside.");
    }
}
