using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Platform.Training;

namespace Serverless.Tests.EndToEnd.Training;

/// <summary>Searches whose time is up before all of their trials are done.</summary>
public sealed class CutSearchTests
{
    private const string Model = "cut-search";

    [Fact]
    public async Task Training_WhoseTimeEndsBeforeAnyTrial_DeploysTheBaselineAndSaysSo()
    {
        // With no slot free, every trial waits until its time is up. The baseline needs none.
        using var slots = new TrialSlots();
        for (var slot = 0; slot < Environment.ProcessorCount; slot++) await slots.TakeAsync(TestContext.Current.CancellationToken);
        await using var platform = await InProcessPlatform.StartAsync(services => services.AddSingleton(slots));
        var definition = CreditRisk.Definition(Model, trials: 6).Replace("trials: 6", "trials: 6, timeout: 00:00:20", StringComparison.Ordinal);
        await platform.DropAsync($"definitions/{Model}.yaml", definition);
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training());

        var run = await platform.WaitForRunAsync("TrainModel", Model);

        Assert.True(run.Outcome == "deployed", $"{run.Outcome}: {run.Result} {run.Failure}");
        var learner = run.Result?.GetProperty("learner") ?? default;
        Assert.Equal("linear", learner.GetProperty("learner").GetString());
        var reason = learner.GetProperty("reason").GetString() ?? "";
        Assert.StartsWith("No trial of the search ended in time: 6 of 6 were cut by the definition's training.timeout of 00:00:20", reason, StringComparison.Ordinal);
        Assert.Equal(reason, run.Result?.GetProperty("warnings")[0].GetString());
        Assert.Equal(reason, run.Detail?.GetProperty("warnings")[0].GetString());
        Assert.InRange(run.Gate?.Passed == true ? Auc(await platform.GetJsonAsync($"models/{Model}/versions/1")) : 0, 0.8, 1);

        var trials = JsonSerializer.Deserialize<JsonElement>(await platform.WaitForTextAsync($"models/{Model}/versions/1/trials.json"));
        Assert.False(trials.TryGetProperty("chosen", out _));
        Assert.Equal(Enumerable.Repeat("out-of-time", 6), trials.GetProperty("trials").EnumerateArray().Select(t => t.GetProperty("end").GetString()));
        Assert.Equal(5, trials.GetProperty("baseline").GetProperty("foldScores").GetArrayLength());
        Assert.Equal(reason, trials.GetProperty("choice").GetProperty("reason").GetString());
        var card = await platform.WaitForTextAsync($"models/{Model}/versions/1/card.md");
        Assert.Contains("**No trees were tried.** No trial of the search ended in time: 6 of 6", card, StringComparison.Ordinal);
        var recording = await platform.App.ExportHistoryAsync(run.Id, CancellationToken.None);
        Assert.Null(platform.App.Replay.FindDifference(recording!));
        if (Environment.GetEnvironmentVariable("RECORD_HISTORIES") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, "TrainModel-untried.json"), recording!.ToJson() + "\n");
        }
    }

    [Fact]
    public async Task Training_WhoseTimeEndsAmongItsTrials_WarnsInTheWordsOfTheCard()
    {
        const string model = "cut-among-trials";
        await using var platform = await InProcessPlatform.StartAsync();
        // More trials than any machine fits in the time.
        var definition = CreditRisk.Definition(model, trials: 200).Replace("trials: 200", "trials: 200, timeout: 00:00:15", StringComparison.Ordinal);
        await platform.DropAsync($"definitions/{model}.yaml", definition);
        await platform.DropAsync($"training-data/{model}/data.csv", CreditRisk.Training());

        var run = await platform.WaitForRunAsync("TrainModel", model);

        Assert.True(run.Outcome is "deployed" or "rejected", $"{run.Outcome}: {run.Result} {run.Failure}");
        var warning = run.Result?.GetProperty("warnings")[0].GetString() ?? "";
        Assert.StartsWith("The training.timeout of 00:00:15 cut the search: ", warning, StringComparison.Ordinal);
        Assert.Equal(warning, run.Detail?.GetProperty("warnings")[0].GetString());
        Assert.Contains(warning, await platform.WaitForTextAsync($"models/{model}/versions/1/card.md"), StringComparison.Ordinal);
    }

    private static double Auc(JsonElement version) => version.GetProperty("metrics").GetProperty("roc-auc").GetProperty("value").GetDouble();
}
