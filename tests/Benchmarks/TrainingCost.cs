using System.Diagnostics;
using System.Globalization;
using Serverless.Local.Demo;

namespace Serverless.Tests.Benchmarks;

/// <summary>
/// What the platform adds to the learner: a whole training run, from its start to the deployed version, by the time that Debian's
/// <c>python3-xgboost</c> takes for the same fits on the same rows, in turn on the same machine.
/// </summary>
internal static class TrainingCost
{
    private const int Repetitions = 5;
    private const string Title = "training: the run, start to deployed";
    private static readonly string[] Interpreters = ["python3", "/usr/bin/python3"];

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken)
    {
        if (await FindPythonAsync(cancellationToken) is not { } python)
        {
            await Console.Error.WriteAsync("skipped: there is no python3 with xgboost and pandas; install python3-xgboost and python3-pandas … ");
            return [];
        }

        await using var platform = await BenchmarkPlatform.StartAsync(withApp: true, cancellationToken);
        var sample = await CreditRiskSample.WriteAsync(platform.Checkout, platform.PathOf("sample"), cancellationToken);
        await platform.DeployAsync("credit-risk-0", sample, cancellationToken);
        var (runs, bare, stages) = (new List<double>(), new List<double>(), new Dictionary<string, List<double>>());
        for (var i = 1; i <= Repetitions; i++)
        {
            var run = await platform.DeployAsync($"credit-risk-{i}", sample, cancellationToken);
            runs.Add((run.UpdatedAt - run.CreatedAt).TotalSeconds);
            foreach (var (stage, seconds) in run.Durations)
            {
                if (!stages.TryGetValue(stage, out var taken)) stages[stage] = taken = [];
                taken.Add(seconds);
            }

            bare.Add(await FitAsync(python, platform, sample, $"credit-risk-{i}", cancellationToken));
        }

        var yardstick = new Measurement("training: the same fits, bare python3-xgboost", "s", bare);
        return [new Measurement(Title, "s", runs, yardstick), yardstick, .. stages.Select(s => new Measurement($"training: {s.Key}", "s", s.Value))];
    }

    private static async Task<double> FitAsync(
        string python, BenchmarkPlatform platform, CreditRiskSample sample, string model, CancellationToken cancellationToken)
    {
        var trials = platform.PathOf($"{model}-trials.json");
        await platform.Blob($"models/{model}/versions/1/trials.json").DownloadToAsync(trials, cancellationToken);
        var script = Path.Combine(AppContext.BaseDirectory, "bare_fits.py");
        var (code, output, error) = await ExecuteAsync(python, [script, sample.TrainingFile, "Status", "bad", trials], cancellationToken);
        return code == 0 && double.TryParse(output, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : throw new BenchmarkFailedException($"{python} {script} ended with {code} and printed '{output.Trim()}'; a number of seconds was expected. {error.Trim()}");
    }

    private static async Task<string?> FindPythonAsync(CancellationToken cancellationToken)
    {
        foreach (var python in Interpreters)
        {
            if (Array.Exists(SearchPath(python), File.Exists)
                && (await ExecuteAsync(python, ["-c", "import xgboost, pandas"], cancellationToken)).Code == 0)
            {
                return python;
            }
        }

        return null;
    }

    private static string[] SearchPath(string command) => Path.IsPathRooted(command)
        ? [command]
        : [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, command))];

    private static async Task<(int Code, string Output, string Error)> ExecuteAsync(
        string command, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new BenchmarkFailedException($"{command} could not be started.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
