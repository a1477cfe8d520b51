namespace Microsoft.DurableTask;

/// <summary>The input of a task that is written as a class.</summary>
internal static class TaskInput
{
    /// <exception cref="ArgumentException">The input is of another type.</exception>
    public static T As<T>(object? input) => input switch
    {
        T typed => typed,

        // Nothing given is the type's default, for value types too: so it is when the function is called with JSON's null.
        null => default(T)!,
        _ => throw new ArgumentException($"The input is a '{input.GetType()}', but the task expects a '{typeof(T)}'.", nameof(input)),
    };
}
