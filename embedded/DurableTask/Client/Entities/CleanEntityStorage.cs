namespace Microsoft.DurableTask.Client.Entities;

/// <summary>What <see cref="DurableEntityClient.CleanEntityStorageAsync"/> cleans.</summary>
public readonly record struct CleanEntityStorageRequest
{
    /// <summary>All that can be cleaned.</summary>
    public static CleanEntityStorageRequest Default => new() { RemoveEmptyEntities = true, ReleaseOrphanedLocks = true };

    /// <summary>Whether entities without state, lock and waiting operations are removed.</summary>
    public bool RemoveEmptyEntities { get; init; }

    /// <summary>Whether locks of orchestrations that do not run any more are released.</summary>
    public bool ReleaseOrphanedLocks { get; init; }

    /// <summary>Where to go on, from <see cref="CleanEntityStorageResult.ContinuationToken"/>.</summary>
    public string? ContinuationToken { get; init; }
}

/// <summary>What was cleaned.</summary>
public readonly record struct CleanEntityStorageResult
{
    public int EmptyEntitiesRemoved { get; init; }

    public int OrphanedLocksReleased { get; init; }

    /// <summary>Where to go on; null when all is clean.</summary>
    public string? ContinuationToken { get; init; }
}
