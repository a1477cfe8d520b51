using System.Net.Http.Headers;
using System.Text;
using Microsoft.Azure.Functions.Worker.Extensions.DurableTask.Http;
using Microsoft.Extensions.Primitives;
using Serverless.Embedded.DurableTask;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>The built-in activity that makes the HTTP requests of orchestrators. It logs nothing, and its failures name no header, content or query.</summary>
/// <remarks>A request may be made more than once, as any activity may run more than once.</remarks>
internal sealed class DurableHttp(WorkerSerializer serializer, TimeProvider time) : IDisposable
{
    /// <summary>The genuine activity's name.</summary>
    public const string ActivityName = "BuiltIn::HttpActivity";

    /// <summary>Under which name orchestrators find how long is waited between polls that say nothing of it.</summary>
    public const string PollingInterval = "defaultHttpAsyncRequestSleepTime";

    public static readonly TimeSpan DefaultPollingInterval = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    // Connections are renewed, so that a changed DNS entry is noticed; each request has a timeout of its own.
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<object?> RunAsync(ActivityWorkItem item, CancellationToken cancellationToken)
    {
        var request = serializer.Deserialize<DurableHttpRequest>(item.SerializedInput)
            ?? throw new ArgumentException("The HTTP activity was called without a request.");
        using var message = MessageOf(request);
        var timeout = request.Timeout ?? DefaultTimeout;
        using var late = new CancellationTokenSource(timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var response = await _client.SendAsync(message, stop.Token);
            ThrowIfRetried(response, request.HttpRetryOptions);
            return new DurableHttpResponse(response.StatusCode)
            {
                Headers = response.Headers.ToDictionary(header => header.Key, header => new StringValues([.. header.Value]), StringComparer.OrdinalIgnoreCase),
                Content = await response.Content.ReadAsStringAsync(stop.Token),
            };
        }
        catch (OperationCanceledException cancelled) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{cancelled.Message} Reached {(request.Timeout is null ? "the default" : "user specified")} timeout: {timeout}.", cancelled);
        }
    }

    public void Dispose() => _client.Dispose();

    private static void ThrowIfRetried(HttpResponseMessage response, HttpRetryOptions? retry)
    {
        if (retry is null)
            return;
        if (retry.StatusCodesToRetry.Count == 0)
            response.EnsureSuccessStatusCode();
        else if (retry.StatusCodesToRetry.Contains(response.StatusCode))
            throw new HttpRequestException($"Status code {response.StatusCode} received, retry requested.", null, response.StatusCode);
    }

    private static HttpRequestMessage MessageOf(DurableHttpRequest request)
    {
        var message = new HttpRequestMessage(request.Method, request.Uri);
        var contentType = "text/plain";
        foreach (var (name, values) in request.Headers ?? new Dictionary<string, StringValues>())
        {
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
                contentType = values.ToString();
            else
                message.Headers.Add(name, (IEnumerable<string?>)values);
        }

        if (contentType.Contains("multipart", StringComparison.OrdinalIgnoreCase))
            throw new NotSupportedException("Multipart content is not supported with CallHttpAsync. Send the parts from an activity.");
        if (request.Content is not null)
            message.Content = new StringContent(request.Content, Encoding.UTF8, MediaTypeHeaderValue.Parse(contentType));
        return message;
    }
}
