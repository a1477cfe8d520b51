namespace Serverless.Tests.EndToEnd.Histories;

/// <summary>
/// The histories that the app writes replay against today's code. With RECORD_HISTORIES=folder they are kept there; those in
/// tests/Unit/Orchestrations/Histories were made so, of each released form, and must replay for ever.
/// </summary>
public sealed class HistoryReplayTests
{
    private const string Model = "recorded";

    [Fact]
    public async Task Histories_OfTheApp_ReplayWithoutDifference()
    {
        await using var platform = await InProcessPlatform.StartAsync();
        await platform.DropAsync(
            $"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 6, "deployment: { approval: required, approvers: [ann], timeout: 01:00:00 }"));
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training());
        await platform.WaitAsync(
            async _ => (await platform.ListRunsAsync()).FirstOrDefault(r => r.Kind == "DeployModel" && r.Stage == "awaiting-approval"), "a candidate to await approval");
        var run = (await platform.ListRunsAsync()).Single(r => r.Kind == "TrainModel").Id;
        using var approved = await platform.PostAsync($"approvals/{run}", new { decision = "approve", by = "ann", reason = "a test" });
        await platform.WaitForRunAsync(run);
        await platform.DropAsync($"scoring-input/{Model}/rows.csv", CreditRisk.Scoring(30_000));
        await platform.DropAsync($"scoring-input/{Model}/empty.csv", "");
        await platform.WaitForRunAsync("ScoreFile", Model, r => r.Outcome == "scored");
        await platform.WaitForRunAsync("ScoreFile", Model, r => r.Outcome == "refused");
        var runs = await platform.ListRunsAsync();
        foreach (var recorded in runs)
        {
            var recording = await platform.App.ExportHistoryAsync(recorded.Id, CancellationToken.None);
            Assert.NotNull(recording);
            Assert.Null(platform.App.Replay.FindDifference(recording));
            if (Environment.GetEnvironmentVariable("RECORD_HISTORIES") is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
                await File.WriteAllTextAsync(Path.Combine(folder, $"{recorded.Kind}-{recorded.Outcome ?? "completed"}.json"), recording.ToJson() + "\n");
            }
        }

        Assert.Equal(platform.App.Replay.Orchestrators.Order(), runs.Select(r => r.Kind).Distinct().Order());
    }
}
