using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Benchmarks;

/// <summary>
/// What it costs to take up an orchestration that is not in memory: its history is read and replayed, from the event that it waits for to its
/// end. Events per second at a history of 1,000 and of 10,000 events: the same, when the cost is linear.
/// </summary>
internal static class OrchestrationReplay
{
    private const int Repetitions = 5;

    // An activity makes three events: an episode begins, a result is taken, the next call is made.
    private const int EventsOfActivity = 3;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken)
    {
        using var folder = new BenchmarkFolder();
        var (small, large) = (new List<double>(), new List<double>());
        for (var i = 0; i <= Repetitions; i++)
        {
            var (smallRate, largeRate) = (await MeasureAsync(folder, 1_000, cancellationToken), await MeasureAsync(folder, 10_000, cancellationToken));

            // The first round warms up; it is not counted.
            if (i > 0)
            {
                small.Add(smallRate);
                large.Add(largeRate);
            }
        }

        var yardstick = new Measurement("durable: replay of 1,000 events", "events/s", small);
        return [new Measurement("durable: replay of 10,000 events", "events/s", large, yardstick), yardstick];
    }

    private static async Task<double> MeasureAsync(BenchmarkFolder folder, int events, CancellationToken cancellationToken)
    {
        var database = folder.PathOf("replay.db");
        var activities = events / EventsOfActivity;
        string id;
        await using (var before = await EngineHub.StartAsync(database, HubDurability.ProcessCrash, cancellationToken))
        {
            id = await before.Client.ScheduleNewOrchestrationInstanceAsync(EngineHub.SequenceThenEvent, activities, cancellationToken);
            await Poll.UntilAsync(
                async token => (await before.Client.GetInstanceAsync(id, getInputsAndOutputs: true, token))?.SerializedCustomStatus,
                "the orchestration to wait for its event",
                Deadline,
                Interval,
                cancellationToken);
        }

        await using var after = await EngineHub.StartAsync(database, HubDurability.ProcessCrash, cancellationToken);

        // Makes the connections and the code ready.
        await after.RunAsync(EngineHub.Sequence, 1, cancellationToken);
        var started = TimeProvider.System.GetTimestamp();
        await after.Client.RaiseEventAsync(id, EngineHub.SequenceThenEvent, true, cancellationToken);
        await after.CompletionAsync(id, activities, cancellationToken);
        return events / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }
}
