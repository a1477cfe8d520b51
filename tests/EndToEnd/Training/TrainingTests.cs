using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Serverless.Tests.EndToEnd.Training;

[Collection(SharedPlatformGroup.Name)]
public sealed class TrainingTests(SharedPlatform shared)
{
    private readonly InProcessPlatform platform = shared.Platform;

    [Fact]
    public async Task TrainingFileDropped_WithTheSampleDefinition_DeploysAVersionOfAtLeastTheStatedQuality()
    {
        var definition = await File.ReadAllTextAsync(Path.Combine(platform.Checkout.CreditRiskSample, "definition.yaml"));
        await platform.DropAsync("definitions/credit-risk.yaml", definition);
        await platform.DropAsync("training-data/credit-risk/credit_data.csv", CreditRisk.Training(CreditRisk.Rows));

        var run = await platform.WaitForRunAsync("TrainModel", "credit-risk");

        Assert.Equal("deployed", run.Outcome);
        Assert.True(run.Gate?.Passed);
        var version = await platform.GetJsonAsync($"models/credit-risk/versions/{run.ResultText("version")}");
        Assert.Equal("champion", version.GetProperty("stage").GetString());
        var auc = version.GetProperty("metrics").GetProperty("roc-auc");
        Assert.InRange(auc.GetProperty("value").GetDouble(), 0.82, 1);
        Assert.InRange(auc.GetProperty("low").GetDouble(), 0.7, auc.GetProperty("value").GetDouble());
        Assert.InRange(auc.GetProperty("high").GetDouble(), auc.GetProperty("value").GetDouble(), 1);
        Assert.InRange(version.GetProperty("parity").GetProperty("maxAbsoluteDifference").GetDouble(), 0, 1e-5);
        foreach (var metric in (string[])["pr-auc", "log-loss", "brier", "ks"])
        {
            Assert.True(version.GetProperty("metrics").TryGetProperty(metric, out _), metric);
        }

        var trials = JsonSerializer.Deserialize<JsonElement>(await platform.WaitForTextAsync($"models/credit-risk/versions/{run.ResultText("version")}/trials.json"));
        var ends = trials.GetProperty("trials").EnumerateArray().Select(t => (
            Folds: t.GetProperty("foldScores").GetArrayLength(), End: t.GetProperty("end").GetString(), Score: t.GetProperty("score").GetDouble())).ToArray();
        Assert.Equal([(1, "beaten", 4), (3, "beaten", 2), (5, "finished", 6)], ends.GroupBy(e => (e.Folds, e.End)).Select(g => (g.Key.Folds, g.Key.End, g.Count())).Order());
        Assert.Equal(ends.Where(e => e.End == "finished").Max(e => e.Score), ends[trials.GetProperty("chosen").GetInt32()].Score);
        Assert.InRange(ends[trials.GetProperty("chosen").GetInt32()].Score, 0.84, 0.88);
        Assert.Contains("went on", trials.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(5, trials.GetProperty("baseline").GetProperty("foldScores").GetArrayLength());
        var learner = run.Result?.GetProperty("learner") ?? default;
        Assert.Equal("mixed", learner.GetProperty("learner").GetString(), ignoreCase: true);
        Assert.InRange(learner.GetProperty("trees").GetDouble() - learner.GetProperty("baseline").GetDouble(), learner.GetProperty("noise").GetDouble(), 0.05);
        Assert.StartsWith("1.", version.GetProperty("lineage").GetProperty("software").GetProperty("xgBoost").GetString(), StringComparison.Ordinal);
        var folder = $"models/credit-risk/versions/{run.ResultText("version")}";
        Assert.Contains("# credit-risk, version", await platform.WaitForTextAsync($"{folder}/card.md"), StringComparison.Ordinal);
        Assert.Contains("demographic-parity-difference", await platform.WaitForTextAsync($"{folder}/fairness.json"), StringComparison.Ordinal);
        Assert.Contains("\"findings\":", await platform.WaitForTextAsync($"{folder}/leakage.json"), StringComparison.Ordinal);
        Assert.Contains("\"Seniority\"", await platform.WaitForTextAsync($"{folder}/importance.json"), StringComparison.Ordinal);
        using var page = await platform.GetAsync($"{folder}/card");
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Equal(await platform.WaitForTextAsync($"{folder}/card.html"), await page.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await platform.GetAsync("models/credit-risk/versions/999/card")).StatusCode);
    }

    [Fact]
    public async Task TrainingFileDropped_WithALinearLaw_DeploysTheBaseline()
    {
        const string Model = "linear-law";
        // Of six draws of this law five have the regression at least as good; in one the trees' noise fits the folds' by luck.
        var random = new Random(1);
        var rows = Enumerable.Range(0, 1_500).Select(_ =>
        {
            var (a, b) = (random.NextDouble() - 0.5, random.NextDouble() - 0.5);
            var good = random.NextDouble() < 1 / (1 + Math.Exp((4 * b) - (6 * a)));
            return string.Create(CultureInfo.InvariantCulture, $"{(good ? "good" : "bad")},{a:F6},{b:F6}");
        });
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 4));
        await platform.DropAsync($"training-data/{Model}/data.csv", string.Join('\n', rows.Prepend("Status,a,b")) + "\n");

        var run = await platform.WaitForRunAsync("TrainModel", Model);

        Assert.Equal("deployed", run.Outcome);
        Assert.Equal("linear", run.Result?.GetProperty("learner").GetProperty("learner").GetString(), ignoreCase: true);
        var version = await platform.GetJsonAsync($"models/{Model}/versions/1");
        Assert.InRange(version.GetProperty("parity").GetProperty("maxAbsoluteDifference").GetDouble(), 0, 1e-5);
        Assert.Equal("linear", version.GetProperty("signature").GetProperty("learner").GetString());
        Assert.Contains("logistic regression", await platform.WaitForTextAsync($"models/{Model}/versions/1/card.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartTraining_OverHttp_Answers202WithLocationAndManagementPayloadAndDeploysANewVersion()
    {
        var before = (await platform.GetJsonAsync($"models/{SharedPlatform.Model}")).GetProperty("versions").GetArrayLength();

        using var response = await platform.PostAsync($"models/{SharedPlatform.Model}/train", new { reason = "a test" });
        var payload = await JsonSerializer.DeserializeAsync<JsonElement>(await response.Content.ReadAsStreamAsync());

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var id = payload.GetProperty("id").GetString() ?? "";
        Assert.Equal($"/runs/{id}", response.Headers.Location?.ToString());
        Assert.Contains(id, payload.GetProperty("statusQueryGetUri").GetString(), StringComparison.Ordinal);
        Assert.Contains("raiseEvent", payload.GetProperty("sendEventPostUri").GetString(), StringComparison.Ordinal);
        var run = await platform.WaitForRunAsync(id);
        Assert.Equal("deployed", run.Outcome);
        var version = await platform.GetJsonAsync($"models/{SharedPlatform.Model}/versions/{run.ResultText("version")}");
        var comparison = version.GetProperty("decision").GetProperty("gate").GetProperty("comparison");
        Assert.True(comparison.GetProperty("metrics").GetProperty("roc-auc").TryGetProperty("shareBetter", out _));
        using var status = await platform.GetAsync(payload.GetProperty("statusQueryGetUri").GetString() ?? "");
        Assert.Equal(HttpStatusCode.OK, status.StatusCode);
        var after = await platform.GetJsonAsync($"models/{SharedPlatform.Model}");
        Assert.True(after.GetProperty("versions").GetArrayLength() > before);
    }

    [Theory]
    [InlineData("models/no-such-model/train", "{}", 404)]
    [InlineData("models/NoModelName/train", "{}", 404)]
    [InlineData("models/shared-model/train", "{\"reason\": ", 400)]
    [InlineData("models/shared-model/train", "{\"dataset\": \"0000000000000000\"}", 422)]
    [InlineData("models/shared-model/train", "{\"dataset\": \"../../models\"}", 422)]
    [InlineData("approvals/no-such-run", "{\"decision\": \"approve\", \"by\": \"ann\", \"reason\": \"good\"}", 404)]
    [InlineData("approvals/no-such-run", "{\"decision\": \"perhaps\"}", 400)]
    public async Task Post_OfSomethingThatCannotBe_AnswersAProblem(string path, string body, int status)
    {
        using var response = await platform.PostTextAsync(path, body);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await JsonSerializer.DeserializeAsync<JsonElement>(await response.Content.ReadAsStreamAsync());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("runs/no-such-run", 404)]
    [InlineData("models/no-such-model", 404)]
    [InlineData("models/shared-model/versions/999", 404)]
    [InlineData("models/shared-model/versions/x", 404)]
    [InlineData("runs?since=yesterday-ish", 400)]
    public async Task Get_OfSomethingThatIsNot_AnswersAProblem(string path, int status)
    {
        using var response = await platform.GetAsync(path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("health/live")]
    [InlineData("health/ready")]
    public async Task Health_OfARunningApp_AnswersOk(string path)
    {
        using var response = await platform.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task RetrainDue_ByTheDefinitionsSchedule_TrainsWithoutBeingAsked()
    {
        const string Model = "by-schedule";
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1, "retraining: { schedule: \"0 */5 * * * *\", on: [] }"));
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training());

        var ingested = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome is "created");
        await platform.App.AdvanceAsync(TimeSpan.FromMinutes(6), TestContext.Current.CancellationToken);
        var trained = await platform.WaitForRunAsync("TrainModel", Model);
        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1, "retraining: { on: [] }"));

        Assert.Null(ingested.ResultText("trainingRun"));
        Assert.Equal("deployed", trained.Outcome);
    }
}
