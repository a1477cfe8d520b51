using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Embedded.FunctionsWorker.Invocations;

/// <summary>Makes an instance for each invocation, its constructor's services taken from the invocation's scope.</summary>
internal sealed class FunctionActivator : IFunctionActivator
{
    public object CreateInstance(Type instanceType, FunctionContext context) => ActivatorUtilities.CreateInstance(context.InstanceServices, instanceType);
}
