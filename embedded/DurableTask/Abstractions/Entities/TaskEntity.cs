namespace Microsoft.DurableTask.Entities;

/// <summary>What carries out the operations of a kind of entity.</summary>
public interface ITaskEntity
{
    /// <summary>Carries out one operation and gives its result.</summary>
    /// <remarks>
    /// It runs at least once for each operation; its effects by way of <paramref name="operation"/> take place exactly once. What it throws goes
    /// to the caller, and undoes these effects.
    /// </remarks>
    ValueTask<object?> RunAsync(TaskEntityOperation operation);
}

/// <summary>
/// An entity whose operations are its public methods, by name without regard to case. A method takes at most one input and one
/// <see cref="TaskEntityContext"/>, in any order. <c>delete</c> needs no method.
/// </summary>
public abstract class TaskEntity<TState> : ITaskEntity
{
    private TaskEntityContext? _context;
    private TState? _state;

    /// <summary>Whether operations without a method here are looked for among the state's methods. Default: false.</summary>
    protected virtual bool AllowStateDispatch => false;

    /// <summary>The entity's state; what it is when the operation ends is kept. Null deletes the entity.</summary>
    protected TState State
    {
        // Set before each operation; what it may be set to is the entity's own affair.
        get => _state!;
        set => _state = value;
    }

    protected TaskEntityContext Context => _context ?? throw new InvalidOperationException("An entity has a context only while it carries out an operation.");

    /// <inheritdoc/>
    public ValueTask<object?> RunAsync(TaskEntityOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        _context = operation.Context;
        State = operation.State.GetState(typeof(TState)) is { } state ? (TState)state : InitializeState(operation);
        if (operation.TryDispatch(this) is { } own)
            return own.AwaitAsync(operation.State, () => State);
        if (AllowStateDispatch && operation.TryDispatch(State ?? throw NoState(operation)) is { } ofState)
            return ofState.AwaitAsync(operation.State, () => State);
        if (!string.Equals(operation.Name, "delete", StringComparison.OrdinalIgnoreCase))
            throw new NotSupportedException($"No suitable method found for entity operation '{operation}'. Add a public method of that name, or call one that is there.");
        operation.State.SetState(null);
        return default;
    }

    /// <summary>The state of an entity that has none yet: what the parameterless constructor makes, unless overridden.</summary>
    protected virtual TState InitializeState(TaskEntityOperation entityOperation) => Nullable.GetUnderlyingType(typeof(TState)) is { } underlying
        ? (TState)Activator.CreateInstance(underlying)!
        : Activator.CreateInstance<TState>();

    private static InvalidOperationException NoState(TaskEntityOperation operation) =>
        new($"The operation '{operation}' was to be dispatched to the entity's state, which is null. Return a state from {nameof(InitializeState)}.");
}
