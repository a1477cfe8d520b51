using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>Answers what a function failed to: a problem document without the failure's internals, which are in the log under the same trace id.</summary>
internal sealed partial class FailureAnswers(RequestDelegate next, ILogger<FailureAnswers> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            LogCallerGone(http.Request.Method, http.Request.Path);
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            await AnswerAsync(http, bad.StatusCode, bad.Message);
        }
        catch (Exception failure) when (!http.Response.HasStarted)
        {
            var trace = Activity.Current?.Id ?? http.TraceIdentifier;
            LogFailed(failure, http.Request.Method, http.Request.Path, trace);
            await AnswerAsync(http, StatusCodes.Status500InternalServerError, $"The function failed. Its log has the reason, under the trace id {trace}.");
        }
    }

    private static async Task AnswerAsync(HttpContext http, int status, string detail)
    {
        http.Response.Clear();
        await Results.Problem(detail, statusCode: status).ExecuteAsync(http);
    }

    [LoggerMessage(60, LogLevel.Debug, "{Method} {Path}: the caller went away")]
    private partial void LogCallerGone(string method, PathString path);

    [LoggerMessage(61, LogLevel.Error, "{Method} {Path} failed; the answer is 500 (trace id {TraceId})")]
    private partial void LogFailed(Exception exception, string method, PathString path, string traceId);
}
