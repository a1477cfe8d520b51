using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Benchmarks;

/// <summary>
/// Memory and file size while 100,000 orchestrations pass through a hub that keeps finished ones for a second; and what is left of the file
/// when all are purged. The first of each row is after a tenth of them, the last at the end.
/// </summary>
internal static class OrchestrationMemory
{
    private const int Orchestrations = 100_000;
    private const int Intervals = 10;
    private const int AtOnce = 500;
    private const double Megabyte = 1 << 20;

    private static readonly TimeSpan Retention = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PurgeDeadline = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PurgeInterval = TimeSpan.FromMilliseconds(200);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken)
    {
        using var folder = new BenchmarkFolder();
        var database = new FileInfo(folder.PathOf("hub.db"));
        var (heap, resident, file) = (new List<double>(), new List<double>(), new List<double>());
        await using var hub = await EngineHub.StartAsync(database.FullName, HubDurability.ProcessCrash, cancellationToken, Retention);
        for (var interval = 0; interval < Intervals; interval++)
        {
            for (var done = 0; done < Orchestrations / Intervals; done += AtOnce)
            {
                await hub.RunAsync(EngineHub.Sequence, AtOnce, 1, cancellationToken);
            }

            heap.Add(GC.GetTotalMemory(forceFullCollection: true) / Megabyte);
            resident.Add(Environment.WorkingSet / Megabyte);
            file.Add(SizeOf(database));
        }

        var left = await WaitForPurgeAsync(hub, database, cancellationToken);
        return
        [
            new Measurement($"durable: managed heap over {Orchestrations:#,0} orchestrations", "MB", heap),
            new Measurement("durable: resident memory meanwhile", "MB", resident),
            new Measurement("durable: file meanwhile, finished ones kept 1 s", "MB", file),
            new Measurement("durable: file when all are purged", "MB", [left]),
        ];
    }

    private static async Task<double> WaitForPurgeAsync(EngineHub hub, FileInfo database, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            await Task.Delay(PurgeInterval, TimeProvider.System, cancellationToken);
            var isEmpty = !await hub.Client.GetAllInstancesAsync().AnyAsync(cancellationToken);
            if (isEmpty && SizeOf(database) < 1)
            {
                return SizeOf(database);
            }

            if (TimeProvider.System.GetElapsedTime(began) > PurgeDeadline)
            {
                throw new BenchmarkFailedException(
                    $"A minute after the last orchestration the file has {SizeOf(database):0.0} MB, and {(isEmpty ? "no" : "some")} instances are left; an empty file was expected.");
            }
        }
    }

    private static double SizeOf(FileInfo file)
    {
        file.Refresh();
        return file.Length / Megabyte;
    }
}
