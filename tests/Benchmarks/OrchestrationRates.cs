using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Benchmarks;

/// <summary>
/// Activities per second that the embedded engine carries out, each result on disk, with either durability; and the same at ten times the
/// work, to show that the cost grows no faster. In turn with as many bare SQLite commits that are as durable, one after the other.
/// </summary>
internal static class OrchestrationRates
{
    private const int Repetitions = 5;

    // Rounds that are not counted: until then much of the processor goes into compiling the code anew.
    private const int WarmUps = 3;

    private static readonly Load[] Loads =
    [
        new("200 at once, 10 activities each", EngineHub.Sequence, 200, 10),
        new("2,000 at once, 10 activities each", EngineHub.Sequence, 2_000, 10),
        new("one fan-out of 1,000", EngineHub.FanOut, 1, 1_000),
        new("one fan-out of 10,000", EngineHub.FanOut, 1, 10_000),
        new("one sequence of 500", EngineHub.Sequence, 1, 500),
        new("one sequence of 5,000", EngineHub.Sequence, 1, 5_000),
    ];

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken) =>
    [
        .. await RunAsync(HubDurability.ProcessCrash, "durable", cancellationToken),
        .. await RunAsync(HubDurability.PowerLoss, "durable, power-safe", cancellationToken),
    ];

    private static async Task<IReadOnlyList<Measurement>> RunAsync(HubDurability durability, string title, CancellationToken cancellationToken)
    {
        using var folder = new BenchmarkFolder();
        using var sqlite = new SqliteCommits(folder.PathOf("commits.db"), durability);
        await using var hub = await EngineHub.StartAsync(folder.PathOf("hub.db"), durability, cancellationToken);
        var commits = new List<double>();
        var rates = Loads.ToDictionary(load => load, _ => new List<double>());
        for (var i = 0; i < WarmUps + Repetitions; i++)
        {
            foreach (var load in Loads)
            {
                var commitRate = await RateAsync(load.Activities, () => Task.Run(() => sqlite.Make(load.Activities), cancellationToken));
                var rate = await RateAsync(load.Activities, () => hub.RunAsync(load.Orchestrator, load.Orchestrations, load.ActivitiesEach, cancellationToken));

                if (i >= WarmUps)
                {
                    commits.Add(commitRate);
                    rates[load].Add(rate);
                }
            }
        }

        var yardstick = new Measurement($"{title}: bare SQLite commits", "/s", commits);
        return
        [
            .. Loads.Select(load => new Measurement($"{title}: {load.Name}", "activities/s", rates[load], yardstick)),
            .. Loads.Where(load => load.Orchestrations > 1).Select(load => new Measurement(
                $"{title}: {load.Name}", "orchestrations/s", [.. rates[load].Select(rate => rate / load.ActivitiesEach)])),
            yardstick,
        ];
    }

    private static async Task<double> RateAsync(int steps, Func<Task> run)
    {
        var started = TimeProvider.System.GetTimestamp();
        await run();
        return steps / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    private sealed record Load(string Name, string Orchestrator, int Orchestrations, int ActivitiesEach)
    {
        public int Activities => Orchestrations * ActivitiesEach;
    }
}
