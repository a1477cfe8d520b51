namespace Microsoft.DurableTask.Client;

/// <summary>Which finished instances are purged.</summary>
/// <param name="CreatedFrom">Created at this time or later.</param>
/// <param name="CreatedTo">Created at this time or earlier.</param>
/// <param name="Statuses">In one of these statuses; null means any. Unfinished instances are never purged.</param>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null)
{
    /// <summary>The longest time one call may take; null means no limit. <see cref="PurgeResult.IsComplete"/> tells whether it was enough.</summary>
    public TimeSpan? Timeout { get; init; }
}
