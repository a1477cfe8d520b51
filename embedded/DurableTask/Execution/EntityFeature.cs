using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>Entities as an orchestrator's code sees them.</summary>
internal sealed class EntityFeature(OrchestrationExecution execution) : TaskOrchestrationEntityFeature
{
    private CriticalSection? _section;

    public override async Task<TResult> CallEntityAsync<TResult>(
        EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null) =>
        execution.Converter.Deserialize<TResult>(await CallAsync(id, operationName, input))!;

    public override Task CallEntityAsync(EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null) =>
        CallAsync(id, operationName, input);

    public override Task SignalEntityAsync(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null)
    {
        EntityIds.ThrowIfInvalid(id);
        ArgumentNullException.ThrowIfNull(operationName);
        execution.ThrowIfOutside();
        _section?.ThrowIfLocked(id);
        execution.Send(
            taskId => new EntitySignaled(taskId, id.ToString(), operationName, options?.SignalTime?.UtcDateTime), execution.Converter.Serialize(input));
        return Task.CompletedTask;
    }

    public override async Task<IAsyncDisposable> LockEntitiesAsync(IEnumerable<EntityInstanceId> entityIds)
    {
        ArgumentNullException.ThrowIfNull(entityIds);
        execution.ThrowIfOutside();

        // One order for all: whoever has a lock waits only for those that come later, so that nobody waits in a circle.
        var ordered = entityIds.Distinct().OrderBy(id => id.Name, StringComparer.Ordinal).ThenBy(id => id.Key, StringComparer.Ordinal).ToList();
        if (ordered.Count == 0)
            throw new ArgumentException("There is no entity among those to be locked. Name at least one.", nameof(entityIds));
        ordered.ForEach(id => EntityIds.ThrowIfInvalid(id, nameof(entityIds)));
        ThrowIfInCriticalSection($"lock {string.Join(", ", ordered)}");

        var section = _section = new CriticalSection(ordered);
        await execution.Schedule(
            taskId =>
            {
                section.LockTaskId = taskId;
                return new EntityLockRequested(taskId, section.EntityIds);
            },
            "lock",
            null);
        section.Enter();
        return new Exit(() => Leave(section));
    }

    public override bool InCriticalSection([NotNullWhen(true)] out IReadOnlyList<EntityInstanceId>? entityIds)
    {
        execution.ThrowIfOutside();
        entityIds = _section?.Available ?? [];
        return _section is not null;
    }

    public void ThrowIfInCriticalSection(string what)
    {
        if (_section is not null)
        {
            throw new InvalidOperationException(
                $"The orchestration '{execution.InstanceId}' has locked {string.Join(", ", _section.EntityIds)} and must not {what} meanwhile: it could wait for itself. "
                + "Leave the critical section first, by disposing of what LockEntitiesAsync gave.");
        }
    }

    private async Task<string?> CallAsync(EntityInstanceId id, string operationName, object? input)
    {
        EntityIds.ThrowIfInvalid(id);
        ArgumentNullException.ThrowIfNull(operationName);
        execution.ThrowIfOutside();
        var section = _section;
        section?.Take(id);
        try
        {
            return await execution.Schedule(
                taskId => new EntityCalled(taskId, id.ToString(), operationName), operationName, execution.Converter.Serialize(input));
        }
        catch (TaskFailedException failed)
        {
            throw new EntityOperationFailedException(id, operationName, failed.FailureDetails);
        }
        finally
        {
            section?.GiveBack(id);
        }
    }

    private void Leave(CriticalSection section)
    {
        if (_section != section)
            return;
        execution.Send(taskId => new EntityLockReleased(taskId, section.LockTaskId, section.EntityIds), null);
        _section = null;
    }

    private sealed class Exit(Action leave) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            leave();
            return ValueTask.CompletedTask;
        }
    }
}
