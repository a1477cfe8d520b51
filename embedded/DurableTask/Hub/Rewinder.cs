using Microsoft.DurableTask.Client;
using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Embedded.DurableTask;

/// <summary>Takes failed instances up again: what failed is done anew, what succeeded is kept.</summary>
internal sealed class Rewinder(
    StoreReader reader, StoreWriter writer, Func<InstanceRow, ICollection<ScheduledAction>, OrchestrationExecution> createExecution, TimeProvider time)
{
    // A plan holds for the history it was made from, so one is carried out before the next is made. Not disposed of: it holds nothing, and may be given back late.
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <exception cref="ArgumentException">There is no instance of that id.</exception>
    /// <exception cref="InvalidOperationException">It has not failed, its code does not repeat its history, or it failed while it had entities locked or called.</exception>
    public async Task RewindAsync(string instanceId, string? reason, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);

        // The turn is given back when the plan is carried out, even if the caller waits no longer.
        await RewindInTurnAsync(instanceId, reason).WaitAsync(cancellationToken);
    }

    private async Task RewindInTurnAsync(string instanceId, string? reason)
    {
        try
        {
            if (reader.GetRow(instanceId) is not { } row)
                throw new ArgumentException($"There is no orchestration with the instance id '{instanceId}' to rewind.", nameof(instanceId));
            if (row.Status != OrchestrationRuntimeStatus.Failed)
            {
                throw new InvalidOperationException(
                    $"The orchestration '{instanceId}' is {row.Status}, and only a Failed one can be rewound. A finished one can be restarted.");
            }

            var step = Plan(row, reason);
            await writer.WriteAsync(
                transaction =>
                {
                    step.Run(transaction, time.GetUtcNow().UtcDateTime);
                    return true;
                },
                CancellationToken.None);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private RewindStep Plan(InstanceRow row, string? reason)
    {
        var plan = RewindPlan.Create(reader.GetHistory(row), reason, confirmed => createExecution(row, confirmed));
        EntityRewind.ThrowIfUncertain(row.InstanceId, plan);
        Dictionary<int, RewindStep> children = [];
        foreach (var child in plan.Open.Select(action => action.Event).OfType<History.ChildScheduled>())
        {
            var parent = new ParentRef(row.Key, row.Execution, child.TaskId);
            if (reader.GetRow(child.InstanceId) is { Status: OrchestrationRuntimeStatus.Failed } failed && failed.Parent == parent)
                children[child.TaskId] = Plan(failed, reason);
        }

        return new RewindStep(row, plan, children);
    }
}
