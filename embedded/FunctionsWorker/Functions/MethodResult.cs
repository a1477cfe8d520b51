using System.Reflection;
using System.Runtime.CompilerServices;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>Awaits what a function's method returns and takes the value out of it.</summary>
internal sealed class MethodResult
{
    private readonly Func<object, ValueTask<object?>> _await;

    private MethodResult(Func<object, ValueTask<object?>> await)
    {
        _await = await;
    }

    public static MethodResult Of(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(Task))
            return new MethodResult(OfTaskAsync);
        if (type == typeof(ValueTask))
            return new MethodResult(returned => OfTaskAsync(((ValueTask)returned).AsTask()));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
            return new MethodResult(ReaderOf(nameof(OfTaskAsync), type));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return new MethodResult(ReaderOf(nameof(OfValueTaskAsync), type));
        return new MethodResult(returned => new(returned));
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
    public ValueTask<object?> GetAsync(object? returned) => returned is null ? default : _await(returned);

    private static Func<object, ValueTask<object?>> ReaderOf(string reader, Type type) =>
        typeof(MethodResult).GetMethod(reader, 1, BindingFlags.NonPublic | BindingFlags.Static, [typeof(object)])!
            .MakeGenericMethod(type.GetGenericArguments()).CreateDelegate<Func<object, ValueTask<object?>>>();

    private static async ValueTask<object?> OfTaskAsync(object returned)
    {
        await (Task)returned;
        return null;
    }

    private static async ValueTask<object?> OfTaskAsync<T>(object returned) => await (Task<T>)returned;

    private static async ValueTask<object?> OfValueTaskAsync<T>(object returned) => await (ValueTask<T>)returned;
}
