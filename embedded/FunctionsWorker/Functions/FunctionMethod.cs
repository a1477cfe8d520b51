using System.Reflection;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>A function's method, made ready once so that a call costs little: its invoker, its result.</summary>
internal sealed class FunctionMethod(MethodInfo method)
{
    private readonly MethodInvoker _invoker = MethodInvoker.Create(method);
    private readonly MethodResult _result = MethodResult.Of(method);

    /// <summary>Calls the method, awaits it, gives its value, and disposes of the instance.</summary>
    public async ValueTask<object?> CallAsync(object? instance, object?[] arguments)
    {
        try
        {
            return await _result.GetAsync(_invoker.Invoke(instance, arguments.AsSpan()));
        }
        finally
        {
            if (instance is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                (instance as IDisposable)?.Dispose();
        }
    }
}
