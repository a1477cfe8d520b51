using System.Net;
using Serverless.Local.Processes;

namespace Serverless.Tests.Benchmarks;

/// <summary>From starting the app's process to its first 200 on <c>GET /health/ready</c>, on a running Azurite, with an empty durable state.</summary>
internal static class StartUp
{
    private const int Repetitions = 7;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken)
    {
        await using var platform = await BenchmarkPlatform.StartAsync(withApp: false, cancellationToken);
        var (full, empty) = (new List<double>(), new List<double>());
        for (var i = 0; i <= Repetitions; i++)
        {
            var options = platform.AppOptions($"state-{i}");
            var fullTook = await MeasureAsync(
                () => AppProcess.Start(options), app => app.Url, app => app.Exited, cancellationToken);
            var url = new Uri($"http://127.0.0.1:{FreePort.Choose(0)}/");
            var emptyTook = await MeasureAsync(() => StartEmpty(platform, url), _ => url, app => app.Exited, cancellationToken);

            // The first pair reads the assemblies from disk and creates the containers; it is not counted.
            if (i > 0)
            {
                full.Add(fullTook.TotalMilliseconds);
                empty.Add(emptyTook.TotalMilliseconds);
            }
        }

        var yardstick = new Measurement("start-up: empty ASP.NET Core app", "ms", empty);
        return [new Measurement("start-up: process start to ready", "ms", full, yardstick), yardstick];
    }

    private static ChildProcess StartEmpty(BenchmarkPlatform platform, Uri url) => ChildProcess.Start(new ChildCommand
    {
        Name = "The empty app",
        FileName = "dotnet",
        Arguments = [typeof(EmptyApp).Assembly.Location, EmptyApp.Argument, url.GetLeftPart(UriPartial.Authority)],
        WorkingDirectory = AppContext.BaseDirectory,
        LogFile = platform.PathOf("empty-app.log"),
    });

    private static async Task<TimeSpan> MeasureAsync<T>(
        Func<T> start, Func<T, Uri> url, Func<T, Task> exited, CancellationToken cancellationToken)
        where T : IAsyncDisposable
    {
        using var client = new HttpClient();
        var started = TimeProvider.System.GetTimestamp();
        await using var app = start();
        await Poll.UntilAsync<object>(
            async token => await IsReadyAsync(client, url(app), exited(app), token) ? url : null, "the app to be ready", Deadline, Interval, cancellationToken);
        return TimeProvider.System.GetElapsedTime(started);
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, Uri url, Task exited, CancellationToken cancellationToken)
    {
        if (exited.IsCompleted)
        {
            throw new BenchmarkFailedException($"The app at {url} ended before it was ready.");
        }

        try
        {
            using var response = await client.GetAsync(new Uri(url, "health/ready"), cancellationToken);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            // Nobody listens yet.
            return false;
        }
    }
}
