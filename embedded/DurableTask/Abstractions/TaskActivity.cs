namespace Microsoft.DurableTask;

/// <summary>An activity written as a class.</summary>
public interface ITaskActivity
{
    Type InputType { get; }

    Type OutputType { get; }

    Task<object?> RunAsync(TaskActivityContext context, object? input);
}

/// <summary>An activity written as a class. It runs at least once for each call, so it is idempotent.</summary>
public abstract class TaskActivity<TInput, TOutput> : ITaskActivity
{
    Type ITaskActivity.InputType => typeof(TInput);

    Type ITaskActivity.OutputType => typeof(TOutput);

    /// <exception cref="ArgumentException">The input is of another type.</exception>
    async Task<object?> ITaskActivity.RunAsync(TaskActivityContext context, object? input)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await RunAsync(context, TaskInput.As<TInput>(input));
    }

    /// <param name="context">Which call this is.</param>
    /// <param name="input">What the orchestrator gave; the type's default when that was nothing.</param>
    public abstract Task<TOutput> RunAsync(TaskActivityContext context, TInput input);
}
