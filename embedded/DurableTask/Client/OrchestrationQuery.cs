namespace Microsoft.DurableTask.Client;

/// <summary>Which instances a query returns, oldest first.</summary>
/// <param name="CreatedFrom">Created at this time or later.</param>
/// <param name="CreatedTo">Created at this time or earlier.</param>
/// <param name="Statuses">In one of these statuses; null means any.</param>
/// <param name="TaskHubNames">In one of these task hubs, without regard to case; null means any.</param>
/// <param name="InstanceIdPrefix">With an id that begins so.</param>
/// <param name="PageSize">Instances a page, at most.</param>
/// <param name="FetchInputsAndOutputs">Whether inputs, outputs, custom statuses and failures are fetched too.</param>
/// <param name="ContinuationToken">Where to go on, from <see cref="Page{T}.ContinuationToken"/>.</param>
public record OrchestrationQuery(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
    IEnumerable<string>? TaskHubNames = null,
    string? InstanceIdPrefix = null,
    int PageSize = OrchestrationQuery.DefaultPageSize,
    bool FetchInputsAndOutputs = false,
    string? ContinuationToken = null)
{
    public const int DefaultPageSize = 100;
}
