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

    /// <summary>Deletes a finished instance and, if asked, its finished descendants.</summary>
    /// <returns>How many are deleted.</returns>
    public static int Purge(StoreTransaction transaction, string instanceId, bool isRecursive) =>
        transaction.FindInstance(instanceId) is { IsFinished: true } instance ? Purge(transaction, instance, isRecursive) : 0;

    /// <summary>
    /// Deletes instances that ended before a time, oldest first, with their finished descendants. A sub-orchestration stays while the execution
    /// that called it is there.
    /// </summary>
    /// <returns>How many were found, at most <paramref name="limit"/>; and how many are deleted.</returns>
    public static (int Found, int Deleted) PurgeFinished(StoreTransaction transaction, DateTime endedBefore, int limit)
    {
        var found = transaction.FinishedBefore(endedBefore, limit);
        return (found.Count, found.Sum(instance => Purge(transaction, instance, isRecursive: true)));
    }

    private static int Purge(StoreTransaction transaction, InstanceRow instance, bool isRecursive)
    {
        var children = isRecursive ? transaction.Children(instance.Key).Where(child => child.IsFinished) : [];
        transaction.DeleteInstance(instance.Key);
        return 1 + children.Sum(child => Purge(transaction, child, isRecursive));
    }
}
