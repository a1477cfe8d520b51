using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>The context that an entity's operations see. It gathers what they send.</summary>
internal sealed class EntityContext(EntityInstanceId id, DataConverter converter) : TaskEntityContext
{
    private readonly List<EntitySignal> _signals = [];
    private readonly List<EntityStart> _starts = [];
    private int _committedSignals;
    private int _committedStarts;

    public override EntityInstanceId Id => id;

    public IReadOnlyList<EntitySignal> Signals => _signals;

    public IReadOnlyList<EntityStart> Starts => _starts;

    public override void SignalEntity(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null)
    {
        EntityIds.ThrowIfInvalid(id);
        ArgumentNullException.ThrowIfNull(operationName);
        _signals.Add(new EntitySignal(id.ToString(), operationName, converter.Serialize(input), options?.SignalTime?.UtcDateTime));
    }

    public override string ScheduleNewOrchestration(TaskName name, object? input = null, StartOrchestrationOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name.Name, nameof(name));
        var instanceId = string.IsNullOrEmpty(options?.InstanceId) ? Guid.NewGuid().ToString("N") : options.InstanceId;
        InstanceIds.ThrowIfInvalid(instanceId, nameof(options));
        _starts.Add(new EntityStart(instanceId, name.Name, options?.Version?.Version ?? string.Empty, converter.Serialize(input), options?.StartAt?.UtcDateTime));
        return instanceId;
    }

    public void Commit() => (_committedSignals, _committedStarts) = (_signals.Count, _starts.Count);

    public void RollBack()
    {
        _signals.RemoveRange(_committedSignals, _signals.Count - _committedSignals);
        _starts.RemoveRange(_committedStarts, _starts.Count - _committedStarts);
    }
}
