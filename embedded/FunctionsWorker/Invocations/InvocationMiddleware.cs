using Microsoft.Azure.Functions.Worker.Middleware;

namespace Serverless.Embedded.FunctionsWorker.Invocations;

/// <summary>The steps around every invocation, in the order added.</summary>
internal sealed class InvocationMiddleware
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _steps = [];

    public void Add(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> step) => _steps.Add(step);

    public FunctionExecutionDelegate Around(FunctionExecutionDelegate call) =>
        Enumerable.Reverse(_steps).Aggregate(call, (next, step) => step(next));
}
