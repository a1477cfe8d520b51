using System.Reflection;
using System.Runtime.CompilerServices;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>Awaits what a function's method returns and takes the value out of it.</summary>
internal sealed class MethodResult
{
    private readonly Func<object, Task> _awaitable;
    private readonly PropertyInfo? _value;

    private MethodResult(Func<object, Task> awaitable, PropertyInfo? value)
    {
        _awaitable = awaitable;
        _value = value;
    }

    public static MethodResult Of(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(Task))
            return new MethodResult(result => (Task)result, null);
        if (type == typeof(ValueTask))
            return new MethodResult(result => ((ValueTask)result).AsTask(), null);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
            return new MethodResult(result => (Task)result, type.GetProperty("Result"));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            var asTask = type.GetMethod("AsTask")!;
            return new MethodResult(result => (Task)asTask.Invoke(result, null)!, asTask.ReturnType.GetProperty("Result"));
        }

        return new MethodResult(Task.FromResult, typeof(Task<object>).GetProperty("Result"));
    }

    /// <summary>The type of the value; null where the method returns none.</summary>
    public static Type? ValueTypeOf(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(void) || type == typeof(Task) || type == typeof(ValueTask))
            return null;
        return type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0]
            : type;
    }

    /// <summary>Why the method cannot be awaited; null when it can.</summary>
    public static string? Refusal(MethodInfo method) =>
        method.ReturnType == typeof(void) && method.GetCustomAttribute<AsyncStateMachineAttribute>() is not null
            ? "is 'async void', so that its end and its failures would go unseen; return Task"
            : null;

    /// <summary>The value; null where the method returns none.</summary>
    public async Task<object?> GetAsync(object? returned)
    {
        if (returned is null)
            return null;
        var task = _awaitable(returned);
        await task;
        return _value?.GetValue(task);
    }
}
