using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Benchmarks;

/// <summary>
/// Activities per second that the embedded engine carries out, each result on disk, with its default settings. The activities do nothing, so
/// what is measured is the engine; in turn with plain SQLite commits.
/// </summary>
internal static class OrchestrationSteps
{
    private const string Sequence = nameof(Sequence);
    private const string FanOut = nameof(FanOut);
    private const string Nothing = nameof(Nothing);

    private const int Repetitions = 5;
    private const int SequentialSteps = 500;
    private const int FanOutSteps = 1_000;
    private const int Orchestrations = 200;
    private const int StepsEach = 5;
    private const int Commits = 200;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("serverless-bench-");
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
        using var sqlite = new SqliteCommits(Path.Combine(folder, "commits.db"));
        await using var hub = await StartHubAsync(Path.Combine(folder, "hub.db"), cancellationToken);
        var (commits, sequential, fanOut, sideBySide) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i <= Repetitions; i++)
        {
            // The first round warms up; it is not counted.
            var isCounted = i > 0;
            await MeasureAsync(sequential, SequentialSteps, () => RunAsync(hub, Sequence, SequentialSteps, cancellationToken));
            await MeasureAsync(fanOut, FanOutSteps, () => RunAsync(hub, FanOut, FanOutSteps, cancellationToken));
            await MeasureAsync(
                sideBySide,
                Orchestrations * StepsEach,
                () => Task.WhenAll(Enumerable.Range(0, Orchestrations).Select(_ => RunAsync(hub, Sequence, StepsEach, cancellationToken))));

            async Task MeasureAsync(List<double> rates, int steps, Func<Task> run)
            {
                var commitRate = await RateAsync(Commits, () => Task.Run(() => sqlite.Make(Commits), cancellationToken));
                var rate = await RateAsync(steps, run);
                if (isCounted)
                {
                    commits.Add(commitRate);
                    rates.Add(rate);
                }
            }
        }

        var yardstick = new Measurement("orchestration: SQLite commits", "/s", commits);
        return
        [
            new Measurement($"orchestration: {SequentialSteps} activities in sequence", "steps/s", sequential, yardstick),
            new Measurement($"orchestration: fan-out of {FanOutSteps:#,0} activities", "steps/s", fanOut, yardstick),
            new Measurement($"orchestration: {Orchestrations} at once, {StepsEach} activities each", "steps/s", sideBySide, yardstick),
            yardstick,
        ];
    }

    private static async Task<TaskHub> StartHubAsync(string database, CancellationToken cancellationToken)
    {
        var hub = new TaskHub(new TaskHubOptions { DatabasePath = database }, JsonDataConverter.Default, TimeProvider.System, NullLoggerFactory.Instance);
        hub.AddActivity(Nothing, (_, _) => Task.FromResult<object?>(1));
        hub.AddOrchestrator(Sequence, async context =>
        {
            var sum = 0;
            for (var i = context.GetInput<int>(); i > 0; i--)
            {
                sum += await context.CallActivityAsync<int>(Nothing);
            }

            return sum;
        });
        hub.AddOrchestrator(FanOut, async context =>
            (await Task.WhenAll(Enumerable.Range(0, context.GetInput<int>()).Select(_ => context.CallActivityAsync<int>(Nothing)))).Sum());
        await hub.StartAsync(cancellationToken);
        return hub;
    }

    /// <summary>Runs an orchestration of so many steps to its end.</summary>
    private static async Task RunAsync(TaskHub hub, string orchestrator, int steps, CancellationToken cancellationToken)
    {
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, steps, cancellationToken);
        var ended = await hub.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, cancellationToken).WaitAsync(Deadline, cancellationToken);
        if (ended.RuntimeStatus != OrchestrationRuntimeStatus.Completed || ended.ReadOutputAs<int>() != steps)
        {
            throw new BenchmarkFailedException(
                $"{orchestrator} ended {ended.RuntimeStatus} with {ended.SerializedOutput ?? ended.FailureDetails?.ErrorMessage}; {steps} steps were expected.");
        }
    }

    private static async Task<double> RateAsync(int steps, Func<Task> run)
    {
        var started = TimeProvider.System.GetTimestamp();
        await run();
        return steps / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }
}
