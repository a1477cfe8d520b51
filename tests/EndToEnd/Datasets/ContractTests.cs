namespace Serverless.Tests.EndToEnd.Datasets;

/// <summary>A model's contract from its first dataset on: inferred, enforced, changed.</summary>
[Collection(SharedPlatformGroup.Name)]
public sealed class ContractTests(SharedPlatform shared)
{
    private const string Model = "contract";

    private readonly InProcessPlatform platform = shared.Platform;

    [Fact]
    public async Task Contract_OfTheFirstDataset_HoldsForTheNextFilesUntilItIsChanged()
    {
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1, "retraining: { on: [] }"));
        await platform.DropAsync($"training-data/{Model}/1.csv", CreditRisk.Training(CreditRisk.Rows.Take(2000)));
        var first = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "created");
        var inferred = await platform.GetJsonAsync($"models/{Model}/contract");
        Assert.Equal("inferred", inferred.GetProperty("origin").GetString());
        Assert.InRange(inferred.GetProperty("columns").GetProperty("Age").GetProperty("max").GetDouble(), 100, 130);

        // Three rows of people who are 900 years old are refused; a file half of them is refused whole.
        await platform.DropAsync($"training-data/{Model}/2.csv", CreditRisk.Training(CreditRisk.Rows.Skip(2000).Take(500).Select((r, i) => i < 3 ? Aged(r) : r)));
        var second = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "created" && r.ResultCount("rows") == 2497);
        Assert.Equal((3L, 0L), (second.ResultCount("refusedRows"), second.ResultCount("refusedFiles")));
        var report = await platform.WaitForReportAsync($"training-data/{Model}/2.csv");
        Assert.All(report.GetProperty("refusals").EnumerateArray(), r => Assert.Equal("Age", r.GetProperty("column").GetString()));
        Assert.Contains("at most", await platform.WaitForTextAsync($"quarantine/training-data/{Model}/2.csv.report.html"), StringComparison.Ordinal);
        await platform.DropAsync($"training-data/{Model}/3.csv", CreditRisk.Training(CreditRisk.Rows.Skip(2500).Take(500).Select((r, i) => i % 2 == 0 ? Aged(r) : r)));
        var third = await platform.WaitForRunAsync("IngestDataset", Model, r => r.ResultCount("refusedFiles") == 1);
        Assert.Equal(2497, third.ResultCount("rows"));
        Assert.True((await platform.WaitForReportAsync($"training-data/{Model}/3.csv")).GetProperty("wholeFile").GetBoolean());

        // The contract as it is shown, with one figure changed, is taken; a mistaken one is refused.
        var text = inferred.GetRawText();
        var most = inferred.GetProperty("columns").GetProperty("Age").GetProperty("max").GetRawText();
        await platform.DropAsync($"definitions/{Model}.contract.yaml", text.Replace($"\"max\": {most}", "\"max\": 1000", StringComparison.Ordinal));
        var all = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome == "created" && r.ResultCount("rows") == 3000);
        Assert.Equal("given", (await platform.GetJsonAsync($"models/{Model}/contract")).GetProperty("origin").GetString());
        Assert.Null(await platform.TryGetTextAsync($"quarantine/training-data/{Model}/3.csv.report.html"));
        await platform.DropAsync($"definitions/{Model}.contract.yaml", "columns:\n  Age: { type: numeric }\n");
        Assert.Equal(2, (await platform.WaitForReportAsync($"definitions/{Model}.contract.yaml")).GetProperty("refusals")[0].GetProperty("line").GetInt64());

        // Each version tells where it comes from and how it differs.
        var version = all.ResultText("dataset");
        var dataset = await platform.GetJsonAsync($"models/{Model}/datasets/{version}");
        var source = dataset.GetProperty("manifest").GetProperty("sources")[0];
        Assert.Equal(64, dataset.GetProperty("manifest").GetProperty("contract").GetString()?.Length);
        Assert.NotEqual("", dataset.GetProperty("manifest").GetProperty("code").GetString());
        Assert.NotEqual("", source.GetProperty("eTag").GetString());
        Assert.InRange(source.GetProperty("bytes").GetInt64(), 10_000, 1_000_000);
        Assert.Equal(second.ResultText("dataset"), dataset.GetProperty("comparison").GetProperty("before").GetString());
        var made = (await platform.GetJsonAsync($"models/{Model}/datasets")).GetProperty("versions").EnumerateArray().ToList();
        Assert.Equal([version, second.ResultText("dataset"), first.ResultText("dataset")], made.Select(v => v.GetProperty("version").GetString()));
        Assert.InRange(made[^1].GetProperty("at").GetDateTimeOffset(), DateTimeOffset.UnixEpoch.AddYears(50), made[0].GetProperty("at").GetDateTimeOffset());
        using var page = await platform.GetAsync($"models/{Model}/datasets/{version}/profile");
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Matches(@"Made on \d{4}-\d\d-\d\d \d\d:\d\d UTC by platform", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var none = await platform.GetAsync($"models/{Model}/datasets/0123456789abcdef");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, none.StatusCode);
    }

    /// <summary>The row with an age that nobody reaches.</summary>
    private static string Aged(string row)
    {
        var fields = row.Split(',');
        fields[4] = "900";
        return string.Join(',', fields);
    }
}
