using System.Globalization;
using System.Net;
using Microsoft.Azure.Functions.Worker.Extensions.DurableTask.Http;
using Serverless.Embedded.FunctionsWorker.Durable;

namespace Microsoft.DurableTask;

public static class TaskOrchestrationContextExtensionMethods
{
    /// <summary>Makes an HTTP request at least once. Any status is an answer, unless the request's retry options take it for a failure.</summary>
    /// <exception cref="TaskFailedException">There was no answer, or none that the retry options take, and no attempt is left.</exception>
    public static async Task<DurableHttpResponse> CallHttpAsync(this TaskOrchestrationContext context, DurableHttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(request);
        var response = await CallAsync(context, request);
        while (request.AsynchronousPatternEnabled && response.StatusCode == HttpStatusCode.Accepted && HeaderOf(response, "Location") is { } location)
        {
            await context.CreateTimer(WaitAfter(context, response), CancellationToken.None);
            response = await CallAsync(context, PollOf(request, new Uri(request.Uri, location)));
        }

        return response;
    }

    /// <inheritdoc cref="CallHttpAsync(TaskOrchestrationContext, DurableHttpRequest)"/>
    public static Task<DurableHttpResponse> CallHttpAsync(
        this TaskOrchestrationContext context, HttpMethod method, Uri uri, string? content = null, HttpRetryOptions? retryOptions = null) =>
        context.CallHttpAsync(new DurableHttpRequest(method, uri) { Content = content, HttpRetryOptions = retryOptions });

    private static Task<DurableHttpResponse> CallAsync(TaskOrchestrationContext context, DurableHttpRequest request) =>
        context.CallActivityAsync<DurableHttpResponse>(
            DurableHttp.ActivityName, request, request.HttpRetryOptions is { } retry ? TaskOptions.FromRetryPolicy(PolicyOf(retry)) : null);

    private static RetryPolicy PolicyOf(HttpRetryOptions retry) => new(
        retry.MaxNumberOfAttempts,
        retry.FirstRetryInterval,
        retry.BackoffCoefficient,
        retry.MaxRetryInterval,
        retry.RetryTimeout == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : retry.RetryTimeout);

    // The key of the first request opens that function; the address to poll carries its own.
    private static DurableHttpRequest PollOf(DurableHttpRequest request, Uri location) => new(HttpMethod.Get, location)
    {
        Headers = request.Headers?.Where(header => !header.Key.Equals("x-functions-key", StringComparison.OrdinalIgnoreCase)).ToDictionary(),
        HttpRetryOptions = request.HttpRetryOptions,
        Timeout = request.Timeout,
    };

    private static TimeSpan WaitAfter(TaskOrchestrationContext context, DurableHttpResponse response)
    {
        var retryAfter = HeaderOf(response, "Retry-After");
        if (int.TryParse(retryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(seconds);
        if (DateTimeOffset.TryParse(retryAfter, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time.UtcDateTime > context.CurrentUtcDateTime ? time.UtcDateTime - context.CurrentUtcDateTime : TimeSpan.Zero;
        return context.Properties.GetValueOrDefault(DurableHttp.PollingInterval) is TimeSpan interval ? interval : DurableHttp.DefaultPollingInterval;
    }

    private static string? HeaderOf(DurableHttpResponse response, string name) =>
        response.Headers?.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is { Count: > 0 } values ? values[0] : null;
}
