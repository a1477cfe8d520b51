using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.DurableTask;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Hands a batch of operations to what carries them out. An entity function calls it once and returns its task.</summary>
public sealed class TaskEntityDispatcher
{
    private readonly EntityWorkItem _work;
    private readonly IServiceProvider _services;

    internal TaskEntityDispatcher(EntityWorkItem work, IServiceProvider services)
    {
        _work = work;
        _services = services;
    }

    public Task DispatchAsync(ITaskEntity entity) => _work.RunAsync(entity);

    /// <summary>
    /// Dispatches to an entity taken from the services, or made with their help. A type that is no <see cref="ITaskEntity"/> is the state itself:
    /// its public methods are the operations.
    /// </summary>
    public Task DispatchAsync<T>() => DispatchAsync(typeof(ITaskEntity).IsAssignableFrom(typeof(T))
        ? (ITaskEntity)ActivatorUtilities.GetServiceOrCreateInstance(_services, typeof(T))
        : new StateEntity<T>());

    /// <summary>Dispatches to a function, which reads and sets the operation's state itself.</summary>
    public Task DispatchAsync(Func<TaskEntityOperation, ValueTask<object?>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return DispatchAsync(new FunctionEntity(handler));
    }

    private sealed class StateEntity<T> : TaskEntity<T>
    {
        protected override bool AllowStateDispatch => true;
    }

    private sealed class FunctionEntity(Func<TaskEntityOperation, ValueTask<object?>> handler) : ITaskEntity
    {
        public ValueTask<object?> RunAsync(TaskEntityOperation operation) => handler(operation);
    }
}
