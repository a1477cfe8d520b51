using System.Text;

namespace Serverless.Tests.Benchmarks;

/// <summary>Sends one request after another on each of several connections, and measures each.</summary>
internal sealed class HttpLoad : IDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64, UseProxy = false });

    public void Dispose() => client.Dispose();

    /// <summary>Sends requests for so long.</summary>
    /// <returns>How long each took.</returns>
    /// <exception cref="BenchmarkFailedException">An answer was not the one expected.</exception>
    public async Task<LoadResult> RunAsync(LoadRequest request, int connections, TimeSpan time, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        var perConnection = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => SendAsync(request, began, time, cancellationToken), cancellationToken)));
        var took = TimeProvider.System.GetElapsedTime(began);
        var latencies = perConnection.SelectMany(list => list).Order().ToArray();
        return new LoadResult(latencies.Length / took.TotalSeconds, latencies[latencies.Length / 2], latencies[(int)(latencies.Length * 0.99)]);
    }

    private async Task<List<double>> SendAsync(LoadRequest request, long began, TimeSpan time, CancellationToken cancellationToken)
    {
        var latencies = new List<double>(100_000);
        while (TimeProvider.System.GetElapsedTime(began) < time)
        {
            var sent = TimeProvider.System.GetTimestamp();
            using var message = request.Body is null
                ? new HttpRequestMessage(HttpMethod.Get, request.Url)
                : new HttpRequestMessage(HttpMethod.Post, request.Url) { Content = new StringContent(request.Body, Encoding.UTF8, "application/json") };
            using var answer = await client.SendAsync(message, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            latencies.Add(TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds);
            if (!answer.IsSuccessStatusCode || text != request.Answer)
            {
                throw new BenchmarkFailedException($"{request.Url} answered {(int)answer.StatusCode} '{text}'; '{request.Answer}' was expected.");
            }
        }

        return latencies;
    }
}

/// <param name="Url">Where to.</param>
/// <param name="Body">JSON to post; null to get.</param>
/// <param name="Answer">The body expected.</param>
internal sealed record LoadRequest(Uri Url, string? Body, string Answer);

/// <param name="PerSecond">Requests answered.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
internal sealed record LoadResult(double PerSecond, double P50, double P99);
