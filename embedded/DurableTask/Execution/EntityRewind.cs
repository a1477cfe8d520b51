using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>Whether what a failed orchestration had with entities can be taken up again.</summary>
internal static class EntityRewind
{
    /// <exception cref="InvalidOperationException">
    /// It would go on believing that it holds locks, which were given back when it failed, or waiting for answers, which were then discarded.
    /// </exception>
    public static void ThrowIfUncertain(string instanceId, RewindPlan plan)
    {
        var held = plan.History.OfType<EntityLockGranted>().Select(granted => granted.TaskId)
            .Except(plan.History.OfType<EntityLockReleased>().Select(released => released.LockTaskId)).ToHashSet();
        var uncertain = plan.Open.Select(action => action.Event).FirstOrDefault(asked => asked is EntityCalled or EntityLockRequested)
            ?? plan.History.OfType<EntityLockRequested>().FirstOrDefault(requested => held.Contains(requested.TaskId));
        if (uncertain is not null)
        {
            throw new InvalidOperationException(
                $"The orchestration '{instanceId}' failed while {uncertain.Description} (task {uncertain.TaskId}) was open. What has become of these entities since is not known to it, "
                + "so it cannot be rewound. Look at the entities, and restart it or start a new one.");
        }
    }
}
