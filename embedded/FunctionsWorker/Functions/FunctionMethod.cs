using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>A function's method, made ready once so that a call costs little: its class's constructor, its invoker, its result.</summary>
internal sealed class FunctionMethod(MethodInfo method)
{
    private readonly MethodInvoker _invoker = MethodInvoker.Create(method);
    private readonly MethodResult _result = MethodResult.Of(method);
    private ObjectFactory? _constructor;

    /// <summary>An instance of the method's class; null where the method is static.</summary>
    public object? CreateInstance(FunctionContext context)
    {
        if (method.IsStatic)
            return null;
        // Two first calls at once make equal factories.
        _constructor ??= ActivatorUtilities.CreateFactory(method.DeclaringType!, []);
        return _constructor(context.InstanceServices, null);
    }

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
