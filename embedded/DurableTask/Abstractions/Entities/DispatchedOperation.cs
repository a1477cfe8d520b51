namespace Microsoft.DurableTask.Entities;

/// <summary>What the method behind an operation returned, and as what it was declared.</summary>
internal sealed record DispatchedOperation(object? Returned, Type Declared)
{
    /// <summary>Waits until the method has ended, then keeps the state, and gives the result.</summary>
    public async ValueTask<object?> AwaitAsync(TaskEntityState kept, Func<object?> state)
    {
        var result = await ResultAsync();
        kept.SetState(state());
        return result;
    }

    private async ValueTask<object?> ResultAsync()
    {
        if (Returned is Task task && typeof(Task).IsAssignableFrom(Declared))
            return await ResultOfAsync(task, Declared);
        if (Returned is ValueTask plain)
        {
            await plain;
            return null;
        }

        if (Returned is null || !Declared.IsGenericType || Declared.GetGenericTypeDefinition() != typeof(ValueTask<>))
            return Returned;
        var asTask = Declared.GetMethod(nameof(ValueTask<>.AsTask))!;
        return await ResultOfAsync((Task)asTask.Invoke(Returned, null)!, asTask.ReturnType);
    }

    private static async ValueTask<object?> ResultOfAsync(Task task, Type declared)
    {
        await task;
        return declared.IsGenericType && declared.GetGenericTypeDefinition() == typeof(Task<>) ? declared.GetProperty(nameof(Task<>.Result))?.GetValue(task) : null;
    }
}
