using Serverless.Local.Demo;

namespace Serverless.Tests.Benchmarks;

/// <summary>From dropping the demo's definition and training rows to the end of a training run that deployed a model, with the time each stage took.</summary>
internal static class DropToDeployed
{
    private const int Repetitions = 3;
    private const string Title = "drop to deployed";

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken)
    {
        await using var platform = await BenchmarkPlatform.StartAsync(withApp: true, cancellationToken);
        var sample = await CreditRiskSample.WriteAsync(platform.Checkout, platform.PathOf("sample"), cancellationToken);
        var first = await MeasureAsync(platform, sample, "credit-risk-0", cancellationToken);
        var later = new List<IReadOnlyDictionary<string, double>>();
        for (var i = 1; i <= Repetitions; i++)
        {
            later.Add(await MeasureAsync(platform, sample, $"credit-risk-{i}", cancellationToken));
        }

        return
        [
            new Measurement($"{Title}: first model after start, as in the demo", "s", [first[Title]]),
            .. first.Keys.Select(part => new Measurement(part == Title ? $"{Title}: later models" : $"  {part}", "s", [.. later.Select(model => model[part])])),
        ];
    }

    /// <returns>The seconds of the whole, then of its parts in their order.</returns>
    private static async Task<IReadOnlyDictionary<string, double>> MeasureAsync(
        BenchmarkPlatform platform, CreditRiskSample sample, string model, CancellationToken cancellationToken)
    {
        var dropped = TimeProvider.System.GetUtcNow();
        var run = await platform.DeployAsync(model, sample, cancellationToken);

        // The run's own times, on this machine's clock: more exact than the moment at which it was seen to be over.
        var parts = new Dictionary<string, double>
        {
            [Title] = (run.UpdatedAt - dropped).TotalSeconds,
            ["before training: drop noticed, dataset made"] = (run.CreatedAt - dropped).TotalSeconds,
        };
        foreach (var (stage, seconds) in run.Durations)
        {
            parts[$"training: {stage}"] = seconds;
        }

        return parts;
    }
}
