using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>The state during a batch: handed from operation to operation, and set back when one throws.</summary>
internal sealed class EntityStateHolder(DataConverter converter, string? initial) : TaskEntityState
{
    private string? _committed = initial;
    private object? _cached;
    private bool _isCacheSet;

    public string? Serialized { get; private set; } = initial;

    public override bool HasState => Serialized is not null;

    public override object? GetState(Type type)
    {
        if (_cached?.GetType() != type)
            (_cached, _isCacheSet) = (converter.Deserialize(Serialized, type), false);
        return _cached;
    }

    public override void SetState(object? state)
    {
        Serialized = converter.Serialize(state);
        (_cached, _isCacheSet) = (state, true);
    }

    public void Commit()
    {
        _committed = Serialized;

        // What an operation has changed and not set is not its state; the next one must not see it because it happens to be in the same batch.
        if (!_isCacheSet)
            _cached = null;
    }

    public void RollBack() => (Serialized, _cached) = (_committed, null);
}
