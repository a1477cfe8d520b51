using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>Holds requests to maxConcurrentRequests at once and maxOutstandingRequests in all; more are answered 429. The host's own addresses are not counted.</summary>
internal sealed partial class HttpThrottle : IDisposable
{
    private readonly RequestDelegate _next;
    private readonly ILogger<HttpThrottle> _logger;
    private readonly ConcurrencyLimiter _limiter;
    private readonly int _outstanding;

    public HttpThrottle(RequestDelegate next, HostSettings settings, ILogger<HttpThrottle> logger)
    {
        _next = next;
        _logger = logger;
        _outstanding = settings.Http.MaxOutstandingRequests ?? int.MaxValue;
        var concurrent = Math.Min(settings.Http.MaxConcurrentRequests ?? int.MaxValue, _outstanding);
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = concurrent, QueueLimit = _outstanding - concurrent });
    }

    public static bool IsNeeded(HttpSettings settings) => (settings.MaxConcurrentRequests ?? settings.MaxOutstandingRequests) is not null;

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Request.Path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase))
        {
            await _next(http);
            return;
        }

        using var place = await _limiter.AcquireAsync(1, http.RequestAborted);
        if (place.IsAcquired)
        {
            await _next(http);
            return;
        }

        LogRefused(_outstanding);
        http.Response.Headers["X-FUNCTION-SCALEOUT"] = "1";
        await Results.Problem(
            $"The app serves as many requests as it may at once ({_outstanding}); try again later.", statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(http);
    }

    public void Dispose() => _limiter.Dispose();

    [LoggerMessage(63, LogLevel.Information, "Http request queue limit of {Limit} has been exceeded.")]
    private partial void LogRefused(int limit);
}
