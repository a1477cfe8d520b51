using System.Diagnostics;
using System.Text.Json;

namespace Serverless.Tests.EndToEnd.Resilience;

/// <summary>kill -9 of the real process at random moments: the work goes on after a restart and ends as it would have undisturbed.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    /// <summary>Kills per test. The moments are drawn over the time that the undisturbed run took.</summary>
    private const int Kills = 10;

    private const int KillsPerRun = 2;

    [Fact]
    public async Task Train_KilledAtTenRandomMoments_EndsWithTheSameModel()
    {
        await using var platform = await LocalPlatform.StartAsync();
        var (reference, took) = await TimeAsync(() => TrainAsync(platform, "undisturbed", kills: []));

        foreach (var (run, moments) in Moments(took))
        {
            var trained = await TrainAsync(platform, $"killed-{run}", moments);

            Assert.Equal(reference.Metrics, trained.Metrics);
            Assert.Equal(reference.Booster, trained.Booster);
            Assert.Equal(reference.Trials, trained.Trials);
            Assert.Equal(1, trained.Versions);
        }
    }

    [Fact]
    public async Task Score_KilledAtTenRandomMoments_EndsWithTheSameResult()
    {
        const string Model = "scored-with";
        const int Rows = 60_000;
        await using var platform = await LocalPlatform.StartAsync();
        await TrainAsync(platform, Model, kills: []);
        var input = CreditRisk.Scoring(Rows);
        var (reference, took) = await TimeAsync(() => ScoreAsync(platform, Model, "undisturbed", input, kills: []));

        foreach (var (run, moments) in Moments(took))
        {
            var scored = await ScoreAsync(platform, Model, $"killed-{run}", input, moments);

            Assert.Equal(reference, scored);
        }
    }

    private async Task<(string Metrics, byte[] Booster, byte[] Trials, int Versions)> TrainAsync(LocalPlatform platform, string model, IReadOnlyList<TimeSpan> kills)
    {
        await platform.DropAsync($"definitions/{model}.yaml", CreditRisk.Definition(model, trials: 6));
        await platform.DropAsync($"training-data/{model}/data.csv", CreditRisk.Training());
        await KillAsync(platform, kills);
        var run = await platform.WaitForRunAsync("TrainModel", model);

        Assert.Equal("deployed", run.Outcome);
        Assert.Single(await platform.ListRunsAsync(), r => r.Kind == "TrainModel" && r.Model == model);
        var versions = (await platform.GetJsonAsync($"models/{model}")).GetProperty("versions").GetArrayLength();
        return (
            JsonSerializer.Serialize(run.Result?.GetProperty("metrics")),
            await platform.GetBytesAsync($"models/{model}/versions/1/model.ubj"),
            await platform.GetBytesAsync($"models/{model}/versions/1/trials.json"),
            versions);
    }

    private async Task<string> ScoreAsync(LocalPlatform platform, string model, string name, string input, IReadOnlyList<TimeSpan> kills)
    {
        await platform.DropAsync($"scoring-input/{model}/{name}.csv", input);
        await KillAsync(platform, kills);
        var result = await platform.WaitForTextAsync($"scoring-output/{model}/{name}.csv");
        var run = await platform.WaitForRunAsync("ScoreFile", model, r => r.ResultText("output") == $"scoring-output/{model}/{name}.csv");

        Assert.Equal(run.ResultCount("rows"), run.ResultCount("scored"));
        Assert.Equal(result, await platform.WaitForTextAsync($"scoring-output/{model}/{name}.csv"));
        return result;
    }

    private async Task KillAsync(LocalPlatform platform, IReadOnlyList<TimeSpan> kills)
    {
        foreach (var moment in kills)
        {
            // The wait is the test's subject: a random moment of the work.
            await Task.Delay(moment, TestContext.Current.CancellationToken);
            await platform.KillAppAsync();
            output.WriteLine($"Killed after {moment.TotalMilliseconds:F0} ms");
            await platform.StartAppAsync();
        }
    }

    private IEnumerable<(int Run, IReadOnlyList<TimeSpan> Moments)> Moments(TimeSpan took)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"Undisturbed it took {took.TotalMilliseconds:F0} ms; seed {seed}");
        var random = new Random(seed);
        for (var run = 0; run < Kills / KillsPerRun; run++)
        {
            yield return (run, [.. Enumerable.Range(0, KillsPerRun).Select(_ => took * random.NextDouble())]);
        }
    }

    private static async Task<(T Result, TimeSpan Took)> TimeAsync<T>(Func<Task<T>> work)
    {
        var started = Stopwatch.GetTimestamp();
        return (await work(), Stopwatch.GetElapsedTime(started));
    }
}
