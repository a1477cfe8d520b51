using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Embedded.FunctionsWorker.Invocations;

/// <summary>Makes an instance for each invocation, its constructor's services taken from the invocation's scope.</summary>
internal sealed class FunctionActivator : IFunctionActivator
{
    private readonly ConcurrentDictionary<Type, ObjectFactory> _constructors = new();

    public object CreateInstance(Type instanceType, FunctionContext context) =>
        _constructors.GetOrAdd(instanceType, static type => ActivatorUtilities.CreateFactory(type, []))(context.InstanceServices, null);
}
