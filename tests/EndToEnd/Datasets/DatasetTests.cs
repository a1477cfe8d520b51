using System.Text;

namespace Serverless.Tests.EndToEnd.Datasets;

[Collection(SharedPlatformGroup.Name)]
public sealed class DatasetTests(SharedPlatform shared)
{
    private readonly InProcessPlatform platform = shared.Platform;

    [Fact]
    public async Task TrainingFileDropped_TwiceWithTheSameContent_IsTrainedOnOnce()
    {
        const string Model = "dropped-twice";
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1));
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training());
        var first = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "created");
        await platform.WaitForRunAsync("TrainModel", Model);

        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training());
        var second = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "unchanged" && r.CreatedAt > first.UpdatedAt);

        Assert.Equal(first.ResultText("dataset"), second.ResultText("dataset"));
        Assert.Null(second.ResultText("trainingRun"));
        Assert.Single(await platform.ListRunsAsync(), r => r.Kind == "TrainModel" && r.Model == Model);
    }

    [Fact]
    public async Task TrainingFileDropped_InANewVersion_MakesANewDatasetVersionAndTrainsOnIt()
    {
        const string Model = "new-version";
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1));
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training(CreditRisk.Rows.Take(2000)));
        var first = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "created");
        var firstDataset = first.ResultText("dataset");

        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training(CreditRisk.Rows.Take(3000)));
        var second = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "created" && r.ResultText("dataset") != firstDataset);
        var trained = await platform.WaitForRunAsync(second.ResultText("trainingRun") ?? "");

        Assert.Equal(2000, first.ResultCount("rows"));
        Assert.Equal(3000, second.ResultCount("rows"));
        Assert.Equal(second.ResultText("dataset"), trained.ResultText("dataset"));
    }

    [Fact]
    public async Task DefinitionDropped_AfterItsData_PicksTheDataUp()
    {
        const string Model = "data-came-first";
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training());
        var refused = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "refused");

        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1));
        var created = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "created");

        Assert.Contains("definition", refused.Result?.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("deployed", (await platform.WaitForRunAsync(created.ResultText("trainingRun") ?? "")).Outcome);
    }

    [Fact]
    public async Task DefinitionDropped_WithThreeMistakes_IsRefusedWithAllThreeAndTheirLines()
    {
        const string Model = "three-mistakes";
        await platform.DropAsync($"definitions/{Model}.yaml", $$"""
            model: {{Model}}
            task: binary-classification
            target: { column: Status, positive: bad }
            training: { trials: many }
            gates:
              minimum: { accuracy-ish: 0.8 }
            retraining: { schedule: "every night" }
            """);

        var report = await platform.WaitForReportAsync($"definitions/{Model}.yaml");

        Assert.Equal([4L, 6L, 7L], report.GetProperty("refusals").EnumerateArray().Select(r => r.GetProperty("line").GetInt64()));
    }

    public static TheoryData<string, string> BadFiles => new()
    {
        { "empty.csv", "empty" },
        { "header-only.csv", "no rows" },
        { "noise.csv", "" },
        { "invalid-utf8.csv", "UTF-8" },
        { "no-target.csv", "Status" },
        { "one-class.csv", "bad" },
        { "long-field.csv", "longer than" },
        { "file.parquet", "cut short" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public async Task TrainingFileDropped_Malformed_IsRefusedWithAReport(string file, string reason)
    {
        var model = "bad-" + file.Split('.')[0];
        await platform.DropAsync($"definitions/{model}.yaml", CreditRisk.Definition(model, trials: 1));
        await platform.DropAsync($"training-data/{model}/{file}", Content(file));

        var run = await platform.WaitForRunAsync("IngestDataset", model, r => r.Outcome == "refused");
        var report = await platform.WaitForReportAsync($"training-data/{model}/{file}");

        Assert.NotEmpty(run.Result?.GetProperty("reasons").EnumerateArray().ToList() ?? []);
        var refusals = report.GetProperty("refusals").EnumerateArray().ToList();
        Assert.All(refusals, r => Assert.NotEqual("", r.GetProperty("remedy").GetString()));
        Assert.Contains(refusals, r => r.GetProperty("reason").GetString()?.Contains(reason, StringComparison.OrdinalIgnoreCase) == true);
        Assert.DoesNotContain(await platform.ListRunsAsync(), r => r.Kind == "TrainModel" && r.Model == model);
    }

    [Fact]
    public async Task TrainingFileDropped_BadBesideGood_LeavesTheBadOneOutAndTrainsOnTheGood()
    {
        const string Model = "bad-beside-good";
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1));
        await platform.DropAsync($"training-data/{Model}/bad.csv", Content("noise.csv"));
        await platform.DropAsync($"training-data/{Model}/good.csv", CreditRisk.Training());

        var run = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "created");

        Assert.Equal(3563, run.ResultCount("rows"));
        Assert.Equal(1, run.ResultCount("refusedFiles"));
        Assert.True((await platform.WaitForReportAsync($"training-data/{Model}/bad.csv")).GetProperty("wholeFile").GetBoolean());
        Assert.Equal("deployed", (await platform.WaitForRunAsync(run.ResultText("trainingRun") ?? "")).Outcome);
    }

    [Fact]
    public async Task TrainingFileDropped_WithTextInANumericColumn_RefusesThoseRowsAndReportsThem()
    {
        const string Model = "text-in-number";
        var rows = CreditRisk.Rows.Take(3000).ToList();
        rows[41] = rows[41].Replace(rows[41].Split(',')[1], "many", StringComparison.Ordinal);
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1));
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training(rows));

        var run = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "created");
        var report = await platform.WaitForReportAsync($"training-data/{Model}/data.csv");

        Assert.Equal(2999, run.ResultCount("rows"));
        Assert.Equal(1, run.ResultCount("refusedRows"));
        var refusal = Assert.Single(report.GetProperty("refusals").EnumerateArray());
        Assert.Equal(42, refusal.GetProperty("row").GetInt64());
        Assert.Equal("Seniority", refusal.GetProperty("column").GetString());
    }

    [Fact]
    public async Task TrainingFilesDropped_TenAtOnce_MakeOneDatasetOfThemAll()
    {
        const string Model = "ten-at-once";
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1));
        await platform.WaitForRunAsync("IngestDataset", Model);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            platform.DropAsync($"training-data/{Model}/part-{i}.csv", CreditRisk.Training(CreditRisk.Rows.Skip(i * 300).Take(300)))));

        var whole = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "created" && r.ResultCount("rows") == 3000);

        Assert.Equal("deployed", (await platform.WaitForRunAsync(whole.ResultText("trainingRun") ?? "")).Outcome);
        Assert.InRange((await platform.ListRunsAsync()).Count(r => r.Kind == "TrainModel" && r.Model == Model), 1, 3);
    }

    [Fact]
    public async Task CompletionMarkerDropped_WhereItIsAwaited_HasTheFilesBesideItTaken()
    {
        const string Model = "marked-complete";
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1, "data: { complete: marker }"));
        await platform.DropAsync($"training-data/{Model}/october/a.csv", CreditRisk.Training(CreditRisk.Rows.Take(1000)));
        await platform.DropAsync($"training-data/{Model}/october/b.csv", CreditRisk.Training(CreditRisk.Rows.Skip(1000).Take(1000)));
        var waiting = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "no-data" && r.Result?.GetProperty("reasons").GetArrayLength() > 0);
        Assert.Contains("_complete", waiting.Result?.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);

        await platform.DropAsync($"training-data/{Model}/october/_complete", "");

        var created = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "created");
        Assert.Equal((2000L, 0L), (created.ResultCount("rows"), created.ResultCount("refusedFiles")));
        Assert.Equal("deployed", (await platform.WaitForRunAsync(created.ResultText("trainingRun") ?? "")).Outcome);
    }

    [Fact]
    public async Task TrainingFileDropped_WithCardNumbers_IsRefusedAndCopiedNowhere()
    {
        const string Model = "card-numbers";
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1));
        await platform.DropAsync($"training-data/{Model}/data.csv", WithColumn("Card", "4111 1111 1111 1111"));

        var run = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "refused");
        var report = await platform.WaitForReportAsync($"training-data/{Model}/data.csv");

        Assert.Equal("Card", report.GetProperty("refusals")[0].GetProperty("column").GetString());
        Assert.Null(await platform.TryGetTextAsync($"quarantine/training-data/{Model}/data.csv"));
        Assert.DoesNotContain("1111", $"{run.Result}{report}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainingFileDropped_WithMailAddresses_IsLearnedFromWithoutThem()
    {
        const string Model = "mail-addresses";
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1));
        await platform.DropAsync($"training-data/{Model}/data.csv", WithColumn("Mail", "jane.doe@example.com"));

        var run = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "created");
        var trained = await platform.WaitForRunAsync(run.ResultText("trainingRun") ?? "");

        Assert.Equal("deployed", trained.Outcome);
        var dataset = run.ResultText("dataset");
        Assert.Contains("e-mail address", await platform.WaitForTextAsync($"datasets/{Model}/{dataset}/manifest.json"), StringComparison.Ordinal);
        foreach (var blob in (string[])
            [$"datasets/{Model}/{dataset}/data.parquet", $"datasets/{Model}/{dataset}/profile.json", $"datasets/{Model}/{dataset}/manifest.json", $"models/{Model}/versions/1/signature.json", $"models/{Model}/versions/1/model.onnx"])
        {
            Assert.DoesNotContain("jane.doe", Encoding.Latin1.GetString(await platform.GetBytesAsync(blob)), StringComparison.Ordinal);
        }
    }

    private static string WithColumn(string name, string value) =>
        $"{CreditRisk.Header},{name}\n{string.Concat(CreditRisk.Rows.Take(2000).Select(r => $"{r},{value}\n"))}";

    private static byte[] Content(string file)
    {
        var good = CreditRisk.Training(CreditRisk.Rows.Take(200));
        switch (file)
        {
            case "empty.csv":
                return [];
            case "header-only.csv":
                return Encoding.UTF8.GetBytes(CreditRisk.Header + "\n");
            case "noise.csv":
                var noise = new byte[50_000];
                new Random(11).NextBytes(noise);
                return noise;
            case "invalid-utf8.csv":
                return [.. Encoding.UTF8.GetBytes(good), .. "bad,1,"u8.ToArray(), 0xC3, 0x28, .. ",1,1,x,x,x,1,1,1,1,1,1\n"u8.ToArray()];
            case "no-target.csv":
                return Encoding.UTF8.GetBytes(good.Replace("Status", "State", StringComparison.Ordinal));
            case "one-class.csv":
                return Encoding.UTF8.GetBytes(CreditRisk.Training(CreditRisk.Rows.Where(r => r.Contains("good", StringComparison.Ordinal)).Take(200)));
            case "long-field.csv":
                return Encoding.UTF8.GetBytes(good + "bad,1,\"" + new string('x', 20 * 1024 * 1024) + "\",1,1,x,x,x,1,1,1,1,1,1\n");
            default:
                return "PAR1"u8.ToArray();
        }
    }
}
