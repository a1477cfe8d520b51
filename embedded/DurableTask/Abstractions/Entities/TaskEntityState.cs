namespace Microsoft.DurableTask.Entities;

/// <summary>What an entity keeps. An operation that throws leaves it as it was before.</summary>
public abstract class TaskEntityState
{
    public abstract bool HasState { get; }

    /// <summary>The state, or the default when there is none.</summary>
    public virtual T? GetState<T>(T? defaultValue = default) => GetState(typeof(T)) is T state ? state : defaultValue;

    /// <summary>The state; null when there is none.</summary>
    public abstract object? GetState(Type type);

    /// <summary>Keeps the state as it now is; null deletes the entity.</summary>
    public abstract void SetState(object? state);
}
