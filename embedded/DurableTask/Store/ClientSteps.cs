using Microsoft.DurableTask.Client;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>The transactions of the client.</summary>
internal static class ClientSteps
{
    /// <summary>Adds an instance unless one of its id stands in its way.</summary>
    /// <returns>The unfinished or excluded instance of that id that stands in the way; null when the new one is stored.</returns>
    public static InstanceRow? Create(
        StoreTransaction transaction,
        string instanceId,
        ExecutionStarted started,
        DateTime utcNow,
        DateTime? startAt,
        IReadOnlySet<OrchestrationRuntimeStatus> dedupeStatuses)
    {
        if (transaction.FindInstance(instanceId) is { } existing && (!existing.IsFinished || dedupeStatuses.Contains(existing.Status)))
            return existing;
        transaction.CreateInstance(instanceId, started, null, utcNow, startAt);
        return null;
    }
}
