using Microsoft.AspNetCore.Http;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>Answers requests that no function and no address of the host's takes: the homepage at the root, 404 elsewhere.</summary>
internal sealed class UnansweredRequests(RequestDelegate next, HostSettings settings)
{
    private const string Homepage = """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Functions app</title></head>
        <body><h1>Your Functions app is up and running</h1><p>Its functions are listed at <a href="/admin/functions">/admin/functions</a>.</p></body>
        </html>
        """;

    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        if (http.Response.HasStarted)
            return;
        if (http.GetEndpoint() is null && http.Response.StatusCode == StatusCodes.Status404NotFound)
            await (http.Request.Path.Value is "/" or "" or null ? Root() : Missing(http.Request)).ExecuteAsync(http);
        else if (http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed && http.Response.Headers.Allow.Count > 0)
            await Results.Problem($"{http.Request.Path} answers {http.Response.Headers.Allow} only.", statusCode: StatusCodes.Status405MethodNotAllowed).ExecuteAsync(http);
    }

    private IResult Root() =>
        settings.Http.HomepageDisabled ? Results.NoContent() : Results.Content(Homepage, "text/html; charset=utf-8", statusCode: StatusCodes.Status200OK);

    private static IResult Missing(HttpRequest request) => Results.Problem(
        $"No function answers {request.Method} {request.Path}. The functions and their routes are listed at /admin/functions.", statusCode: StatusCodes.Status404NotFound);
}
