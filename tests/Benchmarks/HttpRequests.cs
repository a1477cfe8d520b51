namespace Serverless.Tests.Benchmarks;

/// <summary>What an HTTP function answers per second and how fast, beside the same code on Kestrel alone, each in a process of its own, in turn.</summary>
internal static class HttpRequests
{
    private const int Repetitions = 5;
    private const int Connections = 8;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("serverless-bench-http-");
        try
        {
            return await RunAsync(folder.FullName, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Measurement>> RunAsync(string folder, CancellationToken cancellationToken)
    {
        var (hostedUrl, bareUrl) = (FreeUrl(), FreeUrl());
        await using var hosted = Start("The hosted app", folder, [HostedApp.Argument, hostedUrl, folder, "none"]);
        await using var bare = Start("The bare app", folder, [BareApp.Argument, bareUrl]);
        using var load = new HttpLoad();
        await WaitAsync(hosted, hostedUrl, cancellationToken);
        await WaitAsync(bare, bareUrl, cancellationToken);
        return
        [
            .. await CompareAsync(load, "GET text", hostedUrl, bareUrl, url => new LoadRequest(new Uri(url + "/api/benchtext?name=you"), null, "Hello you"), cancellationToken),
            .. await CompareAsync(
                load, "POST JSON", hostedUrl, bareUrl,
                url => new LoadRequest(new Uri(url + "/api/benchorder"), """{"id":"a-1","quantity":2,"price":9.5}""", """{"id":"a-1","quantity":3,"price":9.5}"""),
                cancellationToken),
        ];
    }

    /// <summary>Starts this program as another process.</summary>
    public static ChildProcess Start(string name, string folder, IReadOnlyList<string> arguments) => ChildProcess.Start(new ChildCommand
    {
        Name = name,
        FileName = "dotnet",
        Arguments = [typeof(HttpRequests).Assembly.Location, .. arguments],
        WorkingDirectory = AppContext.BaseDirectory,
        LogFile = Path.Combine(folder, name.Replace(' ', '-') + ".log"),
    });

    public static string FreeUrl() => $"http://127.0.0.1:{FreePort.Choose(0)}";

    /// <summary>Returns once the app answers.</summary>
    public static Task WaitAsync(ChildProcess app, string url, CancellationToken cancellationToken)
    {
        return Poll.UntilAsync<object>(async token => await AnswersAsync(token) ? url : null, $"{url} to answer", Deadline, Interval, cancellationToken);

        async Task<bool> AnswersAsync(CancellationToken token)
        {
            if (app.Exited.IsCompleted)
            {
                throw new BenchmarkFailedException(app.DescribeExit());
            }

            using var client = new HttpClient();
            try
            {
                using var answer = await client.GetAsync(new Uri(url + "/api/benchtext"), token);
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                // Nobody listens yet.
                return false;
            }
        }
    }

    private static async Task<IReadOnlyList<Measurement>> CompareAsync(
        HttpLoad load, string what, string hostedUrl, string bareUrl, Func<string, LoadRequest> request, CancellationToken cancellationToken)
    {
        var (hosted, bare) = (new List<LoadResult>(), new List<LoadResult>());
        for (var i = 0; i <= Repetitions; i++)
        {
            var hostedRound = await load.RunAsync(request(hostedUrl), Connections, Round, cancellationToken);
            var bareRound = await load.RunAsync(request(bareUrl), Connections, Round, cancellationToken);

            // The first round warms both up; it is not counted.
            if (i > 0)
            {
                hosted.Add(hostedRound);
                bare.Add(bareRound);
            }
        }

        return [.. Pair("requests", "/s", result => result.PerSecond), .. Pair("p50", "ms", result => result.P50), .. Pair("p99", "ms", result => result.P99)];

        IEnumerable<Measurement> Pair(string figure, string unit, Func<LoadResult, double> of)
        {
            var yardstick = new Measurement($"http: {what}, {figure}, bare Kestrel", unit, [.. bare.Select(of)]);
            return [new Measurement($"http: {what}, {figure}", unit, [.. hosted.Select(of)], yardstick), yardstick];
        }
    }
}
