using System.Globalization;
using Serverless.Local.Demo;
using Serverless.Platform.Training;

namespace Serverless.Tests.Benchmarks;

/// <summary>
/// What the platform adds to the learner: a whole training run, from its start to the deployed version, by the time that Debian's
/// <c>python3-xgboost</c> takes for the same fits on the same rows, in turn on the same machine: as <c>xgboost.train</c> makes them, which measures each round, and measured as seldom
/// as the platform does.
/// </summary>
internal static class TrainingCost
{
    private const int Repetitions = 5;

    // Runs that are not counted: until then much of the processor goes into compiling the code anew.
    private const int WarmUps = 2;
    private const string Title = "training: the run, start to deployed";

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken)
    {
        if (await Python.FindAsync("xgboost, pandas", "python3-xgboost and python3-pandas", cancellationToken) is not { } python)
        {
            return [];
        }

        await using var platform = await BenchmarkPlatform.StartAsync(withApp: true, cancellationToken);
        var sample = await CreditRiskSample.WriteAsync(platform.Checkout, platform.PathOf("sample"), cancellationToken);
        var (runs, bare, seldom, stages) = (new List<double>(), new List<double>(), new List<double>(), new Dictionary<string, List<double>>());
        for (var i = 1; i <= WarmUps + Repetitions; i++)
        {
            var run = await platform.DeployAsync($"credit-risk-{i}", sample, cancellationToken);
            if (i <= WarmUps) continue;
            runs.Add((run.UpdatedAt - run.CreatedAt).TotalSeconds);
            foreach (var (stage, seconds) in run.Durations)
            {
                if (!stages.TryGetValue(stage, out var taken)) stages[stage] = taken = [];
                taken.Add(seconds);
            }

            bare.Add(await FitAsync(python, platform, sample, $"credit-risk-{i}", measuredEvery: 1, cancellationToken));
            seldom.Add(await FitAsync(python, platform, sample, $"credit-risk-{i}", FoldCurve.Step, cancellationToken));
        }

        var yardstick = new Measurement("training: the same fits, bare python3-xgboost", "s", bare);
        var likewise = new Measurement($"training: the same, measured every {FoldCurve.Step} rounds", "s", seldom);
        return [new Measurement(Title, "s", runs, yardstick), yardstick, new Measurement($"{Title}, beside", "s", runs, likewise), likewise, .. stages.Select(s => new Measurement($"training: {s.Key}", "s", s.Value))];
    }

    private static async Task<double> FitAsync(
        Python python, BenchmarkPlatform platform, CreditRiskSample sample, string model, int measuredEvery, CancellationToken cancellationToken)
    {
        const string script = "bare_fits.py";
        var trials = platform.PathOf($"{model}-trials.json");
        await platform.Blob($"models/{model}/versions/1/trials.json").DownloadToAsync(trials, cancellationToken);
        var printed = await python.RunAsync(script, [sample.TrainingFile, "Status", "bad", trials, measuredEvery.ToString(CultureInfo.InvariantCulture)], cancellationToken);
        return double.TryParse(printed, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : throw new BenchmarkFailedException($"{script} printed '{printed.Trim()}'; a number of seconds was expected.");
    }
}
