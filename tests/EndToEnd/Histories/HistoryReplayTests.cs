using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Embedded.DurableTask;
using Serverless.Tests.Histories;

namespace Serverless.Tests.EndToEnd.Histories;

/// <summary>
/// The histories that the real app writes replay against today's code. With RECORD_HISTORIES=folder they are kept there; those in
/// tests/Unit/Orchestrations/Histories were made so, of each released form, and must replay for ever.
/// </summary>
public sealed class HistoryReplayTests
{
    private const string Model = "recorded";

    [Fact]
    public async Task Histories_OfTheRealApp_ReplayWithoutDifference()
    {
        await using var platform = await LocalPlatform.StartAsync();
        await platform.DropAsync(
            $"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 2, "deployment: { approval: required, approvers: [ann], timeout: 01:00:00 }"));
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
        await platform.StopAppAsync();

        await using var hub = new TaskHub(
            new TaskHubOptions { DatabasePath = Path.Combine(platform.PathOf("state"), "Serverless.db") },
            new JsonDataConverter(new System.Text.Json.JsonSerializerOptions()),
            TimeProvider.System,
            NullLoggerFactory.Instance);
        await hub.StartAsync(CancellationToken.None);
        foreach (var recorded in runs)
        {
            var recording = await hub.ExportHistoryAsync(recorded.Id, CancellationToken.None);
            Assert.NotNull(recording);
            Assert.Null(ShippedOrchestrators.FindDifference(recording));
            if (Environment.GetEnvironmentVariable("RECORD_HISTORIES") is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
                await File.WriteAllTextAsync(Path.Combine(folder, $"{recorded.Kind}-{recorded.Outcome ?? "completed"}.json"), recording.ToJson() + "\n");
            }
        }

        Assert.Equal(ShippedOrchestrators.Names.Order(), runs.Select(r => r.Kind).Distinct().Order());
    }
}
