using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Benchmarks;

/// <summary>From a client's start of a one-activity orchestration to its knowledge that it is complete, on a hub with nothing else to do.</summary>
internal static class OrchestrationLatency
{
    private const int Repetitions = 5;
    private const int Runs = 200;

    // Long enough for the threads that served the run before to have gone to sleep.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken) =>
    [
        .. await RunAsync(HubDurability.ProcessCrash, "durable", cancellationToken),
        .. await RunAsync(HubDurability.PowerLoss, "durable, power-safe", cancellationToken),
    ];

    private static async Task<IReadOnlyList<Measurement>> RunAsync(HubDurability durability, string title, CancellationToken cancellationToken)
    {
        using var folder = new BenchmarkFolder();
        await using var hub = await EngineHub.StartAsync(folder.PathOf("hub.db"), durability, cancellationToken);
        var (p50, p99) = (new List<double>(), new List<double>());
        for (var i = 0; i <= Repetitions; i++)
        {
            var sorted = (await MeasureAsync(hub, cancellationToken)).Order().ToArray();

            // The first round warms up; it is not counted.
            if (i > 0)
            {
                p50.Add(sorted[Runs / 2]);
                p99.Add(sorted[Runs * 99 / 100]);
            }
        }

        return [new Measurement($"{title}: start to completion, p50", "ms", p50), new Measurement($"{title}: start to completion, p99", "ms", p99)];
    }

    private static async Task<IReadOnlyList<double>> MeasureAsync(EngineHub hub, CancellationToken cancellationToken)
    {
        var took = new List<double>();
        for (var i = 0; i < Runs; i++)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            var started = TimeProvider.System.GetTimestamp();
            await hub.RunAsync(EngineHub.Sequence, 1, cancellationToken);
            took.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
        }

        return took;
    }
}
