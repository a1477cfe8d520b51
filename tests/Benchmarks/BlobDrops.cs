using System.Globalization;
using Azure.Storage.Blobs;

namespace Serverless.Tests.Benchmarks;

/// <summary>A blob trigger on Azurite: from dropping a blob until its function runs, in an empty container and in one of many blobs.</summary>
internal static class BlobDrops
{
    private const int Drops = 20;
    private const int ManyBlobs = 1_000;
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1.5);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken)
    {
        await using var platform = await BenchmarkPlatform.StartAsync(withApp: false, cancellationToken);
        var blobs = new BlobServiceClient(platform.ConnectionString);
        var (few, operations) = await WaitsAsync(platform.ConnectionString, await FilledAsync(blobs, "few", 0, cancellationToken), 0, cancellationToken);
        var (many, _) = await WaitsAsync(platform.ConnectionString, await FilledAsync(blobs, "many", ManyBlobs, cancellationToken), ManyBlobs, cancellationToken);
        return
        [
            new Measurement("blob: drop to run, idle host", "ms", few),
            new Measurement($"blob: drop to run beside {ManyBlobs:#,0} blobs", "ms", many),
            new Measurement("blob: storage operations of the idle host", "/min", operations),
        ];
    }

    private static async Task<(IReadOnlyList<double> Waits, IReadOnlyList<double> Operations)> WaitsAsync(
        string connectionString, BlobContainerClient container, int present, CancellationToken cancellationToken)
    {
        await using var app = await TriggerApp.StartAsync(connectionString, "BenchBlob", container.Name, cancellationToken);
        await app.Arrivals.ExpectAsync(present, cancellationToken);
        var waits = new List<double>();
        var random = new Random(1);
        for (var i = 0; i < Drops; i++)
        {
            await Task.Delay(LongestRest * (0.5 + (0.5 * random.NextDouble())), cancellationToken);
            var name = string.Create(CultureInfo.InvariantCulture, $"dropped-{i}");
            var dropped = TimeProvider.System.GetTimestamp();
            await container.GetBlobClient(name).UploadAsync(new BinaryData("x"), cancellationToken);
            await app.Arrivals.ExpectAsync($"{name} x", cancellationToken);
            waits.Add(TimeProvider.System.GetElapsedTime(dropped).TotalMilliseconds);
        }

        return (waits, [await IdleOperations.PerMinuteAsync(app, cancellationToken)]);
    }

    private static async Task<BlobContainerClient> FilledAsync(BlobServiceClient blobs, string name, int count, CancellationToken cancellationToken)
    {
        var container = blobs.GetBlobContainerClient(name);
        await container.CreateAsync(cancellationToken: cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, count, options, async (i, token) =>
            await container.GetBlobClient(string.Create(CultureInfo.InvariantCulture, $"present-{i}")).UploadAsync(new BinaryData("y"), token));
        return container;
    }
}
