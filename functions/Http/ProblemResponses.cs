using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Serverless.Functions.Http;

/// <summary>Turns what a function throws on an HTTP request into a 500 that says nothing of the inside; the log has it all.</summary>
public sealed partial class ProblemResponses(ILogger<ProblemResponses> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            LogAborted(context.FunctionDefinition.Name);
        }
        catch (BadHttpRequestException malformed)
        {
            context.GetInvocationResult().Value = Responses.Problem(malformed.StatusCode, "The request is malformed", malformed.Message);
        }
        catch (Exception fault)
        {
            LogFault(context.FunctionDefinition.Name, context.InvocationId, fault);
            context.GetInvocationResult().Value = Responses.Problem(
                500, "The platform failed", $"Invocation {context.InvocationId} failed; its log has the cause. Repeating the request is safe.");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Function} failed in invocation {Invocation}")]
    private partial void LogFault(string function, string invocation, Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Function}: the caller went away")]
    private partial void LogAborted(string function);
}
