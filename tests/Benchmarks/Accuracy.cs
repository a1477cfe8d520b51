using System.Globalization;
using System.Text.Json;

namespace Serverless.Tests.Benchmarks;

/// <summary>
/// How well the models predict that come of a dropped file and a definition of three lines, beside XGBoost that was carefully tuned on the same file: real
/// tables and made ones, each split twice. The platform holds a fifth of the file back to be evaluated on; the tuned one learns from the whole of it, and again from as many rows.
/// </summary>
internal static class Accuracy
{
    private const string Script = "accuracy.py";

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken)
    {
        if (await Python.FindAsync("xgboost, pandas, sklearn", "python3-xgboost, python3-pandas and python3-sklearn", cancellationToken) is not { } python)
        {
            return [];
        }

        await using var platform = await BenchmarkPlatform.StartAsync(withApp: true, cancellationToken);
        var tables = platform.PathOf("tables");
        await python.RunAsync(Script, ["tables", Path.Combine(platform.Checkout.CreditRiskSample, "credit_data.csv"), tables], cancellationToken);
        var losses = new Dictionary<string, (List<double> Platform, List<double> Tuned, List<double> TunedOnPart)>();
        foreach (var folder in Directory.GetDirectories(tables).Order(StringComparer.Ordinal))
        {
            await ScoreAsync(platform, folder, cancellationToken);
            await python.RunAsync(Script, ["tune", folder], cancellationToken);
            var printed = await python.RunAsync(Script, ["measure", folder], cancellationToken);
            double[] loss = [.. printed.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
            var table = JsonSerializer.Deserialize<Table>(await File.ReadAllTextAsync(Path.Combine(folder, "table.json"), cancellationToken), JsonSerializerOptions.Web)
                ?? throw new BenchmarkFailedException($"{folder}/table.json is empty.");
            if (!losses.TryGetValue(table.Name, out var both)) losses[table.Name] = both = ([], [], []);
            both.Platform.Add(loss[0]);
            both.Tuned.Add(loss[1]);
            both.TunedOnPart.Add(loss[2]);
        }

        return [.. losses.SelectMany(table =>
        {
            var yardstick = new Measurement($"accuracy: {table.Key}, tuned XGBoost", "loss", table.Value.Tuned);
            var onPart = new Measurement($"accuracy: {table.Key}, tuned XGBoost on 4/5", "loss", table.Value.TunedOnPart);
            return (Measurement[])
            [
                new Measurement($"accuracy: {table.Key}", "loss", table.Value.Platform, yardstick), yardstick,
                new Measurement($"accuracy: {table.Key}, by rows learned from", "loss", table.Value.Platform, onPart), onPart,
            ];
        })];
    }

    /// <summary>Trains on a table's file and leaves the scored test file beside it.</summary>
    private static async Task ScoreAsync(BenchmarkPlatform platform, string folder, CancellationToken cancellationToken)
    {
        const string file = "test.csv";
        var model = Path.GetFileName(folder);
        var definition = await File.ReadAllTextAsync(Path.Combine(folder, "definition.yaml"), cancellationToken);
        await platform.DeployAsync(
            model, definition.Replace("MODEL", model, StringComparison.Ordinal), Path.Combine(folder, "train.csv"), cancellationToken);
        var since = TimeProvider.System.GetUtcNow();
        await platform.DropAsync($"scoring-input/{model}/{file}", await File.ReadAllBytesAsync(Path.Combine(folder, file), cancellationToken), cancellationToken);
        await platform.WaitForRunAsync("ScoreFile", model, since, "scored", cancellationToken);
        await platform.Blob($"scoring-output/{model}/{file}").DownloadToAsync(Path.Combine(folder, "result.csv"), cancellationToken);
    }

    private sealed record Table(string Name);
}
