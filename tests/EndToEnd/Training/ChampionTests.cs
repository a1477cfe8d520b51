using System.Text.Json;
using Serverless.Local.Runs;

namespace Serverless.Tests.EndToEnd.Training;

/// <summary>A candidate beside a champion that learned from other columns, predicts something else, or is damaged.</summary>
[Collection(SharedPlatformGroup.Name)]
public sealed class ChampionTests(SharedPlatform shared)
{
    private readonly InProcessPlatform platform = shared.Platform;

    [Fact]
    public async Task Champion_OfOtherColumns_IsComparedOnRowsItDidNotLearnFromOrByItsRecordedMetric()
    {
        const string Model = "other-columns";
        // On the few rows that remain, versions that are as good differ by more than the usual tolerance.
        const string Tolerant = "gates: { champion: { metric: roc-auc, tolerance: 0.05 } }";
        await platform.DropAsync($"definitions/{Model}.yaml", Definition(Model, "ignore: [Records]"));
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training(CreditRisk.Rows));
        Assert.Equal("deployed", (await WaitForVersionAsync(Model, 1)).Outcome);
        var honest = Metric(await platform.GetJsonAsync($"models/{Model}/versions/1"));

        await platform.DropAsync($"definitions/{Model}.yaml", Definition(Model, Tolerant));
        var better = await WaitForVersionAsync(Model, 2);

        // A column more deals all rows anew: about four in five of those held out now were training rows of the champion.
        Assert.True(better.Outcome == "deployed", better.Result?.GetRawText());
        var heldOut = (await DocumentAsync(Model, 2, "metrics.json")).GetProperty("rows").GetInt32();
        var comparison = await DocumentAsync(Model, 2, "champion-1-comparison.json");
        var (compared, left) = (comparison.GetProperty("rows").GetInt32(), comparison.GetProperty("leftOut").GetProperty("rows").GetInt32());
        Assert.Equal(heldOut, compared + left);
        Assert.InRange((double)left / heldOut, 0.75, 0.85);
        var champion = await DocumentAsync(Model, 2, "champion-1-metrics.json");
        Assert.Equal(compared, champion.GetProperty("rows").GetInt32());
        var auc = champion.GetProperty("metrics").GetProperty("roc-auc");
        Assert.InRange(honest, auc.GetProperty("low").GetDouble(), auc.GetProperty("high").GetDouble());
        Assert.InRange(Metric(champion), honest - 0.035, honest + 0.035);
        var rule = await ChampionRuleAsync(Model, 2);
        Assert.Equal(Metric(champion) - 0.05, rule.GetProperty("required").GetDouble(), 12);
        Assert.Equal(Metric(champion) + rule.GetProperty("difference").GetProperty("value").GetDouble(), rule.GetProperty("found").GetDouble(), 12);
        var reason = comparison.GetProperty("leftOut").GetProperty("reason").GetString() ?? "";
        Assert.StartsWith($"{left} of {heldOut} held-out rows are left out for both", reason, StringComparison.Ordinal);
        Assert.EndsWith(reason, rule.GetProperty("explanation").GetString(), StringComparison.Ordinal);
        foreach (var card in (string[])["card.md", "card.html"])
        {
            Assert.Contains(reason, await platform.WaitForTextAsync($"models/{Model}/versions/2/{card}"), StringComparison.Ordinal);
        }

        await platform.DropAsync($"definitions/{Model}.yaml", Definition(Model, $"ignore: [Records, Seniority, Income, Job, Assets, Amount]\n{Tolerant}"));
        var worse = await WaitForVersionAsync(Model, 3);

        // The champion wants columns that are gone. It is not passed over for that.
        Assert.True(worse.Outcome == "rejected", worse.Result?.GetRawText());
        rule = await ChampionRuleAsync(Model, 3);
        Assert.False(rule.GetProperty("passed").GetBoolean());
        Assert.Equal(Metric(await platform.GetJsonAsync($"models/{Model}/versions/2")) - 0.05, rule.GetProperty("required").GetDouble(), 12);
        Assert.True(rule.GetProperty("found").GetDouble() < rule.GetProperty("required").GetDouble());
        var explanation = rule.GetProperty("explanation").GetString() ?? "";
        Assert.Contains("These are other rows", explanation, StringComparison.Ordinal);
        Assert.Contains("column 'Seniority' (Number) is missing", explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", explanation, StringComparison.Ordinal);
        Assert.Equal(2, (await DocumentAsync(Model)).GetProperty("champion").GetInt32());
    }

    [Fact]
    public async Task Champion_OfAnotherTarget_StaysUntilTheDefinitionWaivesIt()
    {
        const string Model = "other-target";
        await platform.DropAsync($"definitions/{Model}.yaml", Definition(Model, ""));
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training(CreditRisk.Rows.Take(1_500)));
        Assert.Equal("deployed", (await WaitForVersionAsync(Model, 1)).Outcome);

        const string Records = "{ column: Records, positive: yes }";
        await platform.DropAsync($"definitions/{Model}.yaml", Definition(Model, "", Records));
        var refused = await WaitForVersionAsync(Model, 2);

        Assert.True(refused.Outcome == "rejected", refused.Result?.GetRawText());
        var rule = await ChampionRuleAsync(Model, 2);
        Assert.False(rule.TryGetProperty("required", out _));
        var explanation = rule.GetProperty("explanation").GetString();
        Assert.Contains("It predicts whether 'Status' is 'bad'; the candidate predicts whether 'Records' is 'yes'.", explanation, StringComparison.Ordinal);
        Assert.Contains("write 'champion: none' under 'gates'", explanation, StringComparison.Ordinal);

        await platform.DropAsync($"definitions/{Model}.yaml", Definition(Model, "gates: { champion: none }", Records));
        await TrainAsync(Model);

        Assert.Equal("deployed", (await WaitForVersionAsync(Model, 3)).Outcome);
        var incomparable = await UngatedAsync(Model, 3);
        Assert.Contains("could not be compared: It predicts whether 'Status' is 'bad'", incomparable, StringComparison.Ordinal);

        // What no rule asks for is measured and told all the same.
        await TrainAsync(Model);
        Assert.Equal("deployed", (await WaitForVersionAsync(Model, 4)).Outcome);
        Assert.Equal(3, (await DocumentAsync(Model, 4, "champion-3-comparison.json")).GetProperty("champion").GetInt32());
        var compared = await UngatedAsync(Model, 4);
        Assert.Contains("compared all the same: the champion, version 3, has ", compared, StringComparison.Ordinal);
        Assert.Contains("95% interval 0 to 0", compared, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Champion_Damaged_IsComparedByItsRecordedMetricAndReplaced()
    {
        const string Model = "damaged-champion";
        await platform.DropAsync($"definitions/{Model}.yaml", Definition(Model, ""));
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training(CreditRisk.Rows.Take(1_500)));
        Assert.Equal("deployed", (await WaitForVersionAsync(Model, 1)).Outcome);
        var recorded = Metric(await DocumentAsync(Model, 1, "metrics.json"));
        await platform.Blob($"models/{Model}/versions/1/model.onnx").UploadAsync(BinaryData.FromString("no graph"), overwrite: true);

        await TrainAsync(Model);
        var replaced = await WaitForVersionAsync(Model, 2);

        Assert.True(replaced.Outcome == "deployed", replaced.Result?.GetRawText());
        var rule = await ChampionRuleAsync(Model, 2);
        Assert.Equal((recorded - 0.002, recorded), (rule.GetProperty("required").GetDouble(), rule.GetProperty("found").GetDouble()));
        Assert.Contains("could not be opened as an ONNX model", rule.GetProperty("explanation").GetString(), StringComparison.Ordinal);

        // Nothing is left to compare with: somebody has to say that it does not count.
        await platform.Blob($"models/{Model}/versions/2/signature.json").UploadAsync(BinaryData.FromString("{"), overwrite: true);
        await platform.Blob($"models/{Model}/versions/2/metrics.json").UploadAsync(BinaryData.FromString("{"), overwrite: true);
        await TrainAsync(Model);

        Assert.Equal("rejected", (await WaitForVersionAsync(Model, 3)).Outcome);
        Assert.Contains("write 'champion: none'", (await ChampionRuleAsync(Model, 3)).GetProperty("explanation").GetString(), StringComparison.Ordinal);
    }

    private static string Definition(string model, string more, string target = "{ column: Status, positive: bad }") => $$"""
        model: {{model}}
        task: binary-classification
        target: {{target}}
        training: { trials: 2, folds: 2 }
        {{more}}
        """;

    private static double Metric(JsonElement report) => report.GetProperty("metrics").GetProperty("roc-auc").GetProperty("value").GetDouble();

    private Task<RunView> WaitForVersionAsync(string model, int version) =>
        platform.WaitForRunAsync("TrainModel", model, r => r.State != "Completed" || r.ResultCount("version") == version);

    private async Task TrainAsync(string model)
    {
        using var response = await platform.PostAsync($"models/{model}/train", new { reason = "a test" });
        Assert.True(response.IsSuccessStatusCode);
    }

    private async Task<JsonElement> ChampionRuleAsync(string model, int version) =>
        (await DocumentAsync(model, version, "decision.json")).GetProperty("gate").GetProperty("reasons").EnumerateArray()
            .Single(r => r.GetProperty("rule").GetString() == "champion roc-auc");

    /// <summary>What is said of a champion without a rule; it stands in the card, too.</summary>
    private async Task<string> UngatedAsync(string model, int version)
    {
        var said = (await DocumentAsync(model, version, "decision.json")).GetProperty("gate").GetProperty("ungated").GetString() ?? "";
        Assert.Contains(said, (await platform.WaitForTextAsync($"models/{model}/versions/{version}/card.html")).Replace("&#39;", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        return said;
    }

    private async Task<JsonElement> DocumentAsync(string model, int version, string file) =>
        JsonSerializer.Deserialize<JsonElement>(await platform.WaitForTextAsync($"models/{model}/versions/{version}/{file}"));

    private async Task<JsonElement> DocumentAsync(string model) =>
        JsonSerializer.Deserialize<JsonElement>(await platform.WaitForTextAsync($"models/{model}/deployment.json"));
}
