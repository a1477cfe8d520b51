using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>The state during a batch: handed from operation to operation, and set back when one throws.</summary>
internal sealed class EntityStateHolder(DataConverter converter, string? initial) : TaskEntityState
{
    private string? _committed = initial;
    private object? _cached;
    private bool _isSet;

    public string? Serialized { get; private set; } = initial;

    public override bool HasState => Serialized is not null;

    public override object? GetState(Type type)
    {
        if (_cached?.GetType() != type)
            _cached = converter.Deserialize(Serialized, type);
        return _cached;
    }

    public override void SetState(object? state)
    {
        Serialized = converter.Serialize(state);
        (_cached, _isSet) = (state, true);
    }

    public void Commit()
    {
        _committed = Serialized;

        // What an operation has changed and not set is not its state; the next one must not see it because it happens to be in the same batch.
        if (!_isSet)
            _cached = null;
        _isSet = false;
    }

    public void RollBack() => (Serialized, _cached, _isSet) = (_committed, null, false);
}
