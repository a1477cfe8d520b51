using System.Net.Http.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace Serverless.Tests.Benchmarks;

/// <summary>What an app with a queue, a blob, a timer and an HTTP function costs while nothing happens, as a process of its own on a running Azurite.</summary>
internal static class Idle
{
    /// <summary>In its first minute the runtime compiles anew what it finds to be run often; that is start-up, not rest.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken)
    {
        await using var platform = await BenchmarkPlatform.StartAsync(withApp: false, cancellationToken);
        await new QueueClient(platform.ConnectionString, "bench-idle").CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await new BlobContainerClient(platform.ConnectionString, "bench-idle").CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var url = HttpRequests.FreeUrl();
        await using var app = HttpRequests.Start("The idle app", platform.PathOf("idle"), [HostedApp.Argument, url, platform.PathOf("idle"), platform.ConnectionString]);
        await HttpRequests.WaitAsync(app, url, cancellationToken);
        using var client = new HttpClient();
        await Task.Delay(Settle, cancellationToken);
        var before = await StateAsync();
        var began = TimeProvider.System.GetTimestamp();
        await Task.Delay(Rest, cancellationToken);
        var after = await StateAsync();
        var took = TimeProvider.System.GetElapsedTime(began);
        return
        [
            new Measurement("idle: share of one core", "%", [(after.CpuSeconds - before.CpuSeconds) / took.TotalSeconds * 100]),
            new Measurement("idle: resident memory", "MB", [after.WorkingSet / 1e6]),
            new Measurement("idle: storage operations", "/min", [(after.Requests - before.Requests) / took.TotalMinutes]),
        ];

        async Task<IdleState> StateAsync() => await client.GetFromJsonAsync<IdleState>(new Uri(url + "/api/benchstate"), cancellationToken)
            ?? throw new BenchmarkFailedException($"{url} said nothing of its state.");
    }
}
