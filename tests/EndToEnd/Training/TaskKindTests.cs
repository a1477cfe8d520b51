using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Serverless.Tests.EndToEnd.Training;

/// <summary>Tasks other than that of two classes, from the drop to the scored file.</summary>
[Collection(SharedPlatformGroup.Name)]
public sealed class TaskKindTests(SharedPlatform shared)
{
    private readonly InProcessPlatform platform = shared.Platform;

    [Fact]
    public async Task TrainingFileDropped_WithATargetOfSeveralClasses_DeploysAVersionThatScoresAFile()
    {
        const string Model = "home-kind";
        await platform.DropAsync($"definitions/{Model}.yaml", $$"""
            model: {{Model}}
            task: multiclass-classification
            target: { column: Home }
            ignore: [Status]
            sensitive: [Marital]
            training: { trials: 2, folds: 2, weights: { owner: 1.5 } }
            gates: { minimum: { accuracy: 0.5 }, maximum: { log-loss: 1.2 }, groups: { Marital: { minimum: { accuracy: 0.3 }, maximum: { accuracy-difference: 0.6 } } } }
            """);

        // Of the last kind there are too few rows: they are refused with the reason, and so are those without any.
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training(CreditRisk.Rows.Take(1_500)));
        var run = await platform.WaitForRunAsync("TrainModel", Model);

        Assert.True(run.Outcome == "deployed", run.Result?.GetRawText());
        Assert.Equal(
            ["maximum accuracy-difference of Marital", "maximum log-loss", "minimum accuracy", "minimum accuracy of Marital", "parity"],
            run.Gate?.Reasons.Select(r => r.Rule).Order(StringComparer.Ordinal));
        var version = await platform.GetJsonAsync($"models/{Model}/versions/1");
        string[] classes = [.. version.GetProperty("signature").GetProperty("classes").EnumerateArray().Select(c => c.GetString() ?? "")];
        Assert.Equal(classes.Order(StringComparer.Ordinal), classes);
        Assert.Contains("owner", classes);
        Assert.DoesNotContain("ignore", classes);
        Assert.InRange(version.GetProperty("parity").GetProperty("maxAbsoluteDifference").GetDouble(), 0, 1e-5);
        var evaluation = version.GetProperty("evaluation");
        Assert.Equal(classes, evaluation.GetProperty("classes").GetProperty("each").EnumerateArray().Select(c => c.GetProperty("class").GetString()));
        Assert.Equal((2, "log-loss"), Stability(evaluation));
        await HasReportsAsync(Model, "accuracy-difference", $"Predicts which of {classes.Length} classes Home is: ", "The most frequent confusions");

        var input = CreditRisk.Scoring(200);
        await platform.DropAsync($"scoring-input/{Model}/rows.csv", input);
        var result = (await platform.WaitForTextAsync($"scoring-output/{Model}/rows.csv")).TrimEnd('\n').Split('\n');

        Assert.Equal(input.Split('\n')[0] + ",score,decision,model_version,refusal," + string.Join(",", classes.Select(c => $"score_{c}")), result[0]);
        Assert.Equal(201, result.Length);
        var added = result.Skip(1).Select(line => line.Split(',')[^(4 + classes.Length)..]).ToArray();
        Assert.All(added, row =>
        {
            double[] scores = [.. row.Skip(4).Select(s => double.Parse(s, CultureInfo.InvariantCulture))];
            Assert.Equal(1, scores.Sum(), 1e-5);
            Assert.Equal(scores.Max(), double.Parse(row[0], CultureInfo.InvariantCulture));
            Assert.Equal(classes[Array.IndexOf(scores, scores.Max())], row[1]);
            Assert.Equal(("1", ""), (row[2], row[3]));
        });
        Assert.True(added.Select(row => row[1]).Distinct().Count() > 1);
    }

    [Fact]
    public async Task TrainingFileDropped_WithANumberToPredict_DeploysAVersionThatScoresAFile()
    {
        const string Model = "loan-amount";
        await platform.DropAsync($"definitions/{Model}.yaml", $$"""
            model: {{Model}}
            task: regression
            target: { column: Amount }
            ignore: [Status]
            sensitive: [Marital]
            training: { trials: 2, folds: 3 }
            gates: { minimum: { r2: 0.5 }, maximum: { rmse: 400, fold-deviation: 200 }, groups: { Marital: { maximum: { rmse: 500 } } } }
            """);
        string[] rows = [.. CreditRisk.Rows.Take(1_500)];
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training(rows));
        var run = await platform.WaitForRunAsync("TrainModel", Model);

        Assert.True(run.Outcome == "deployed", run.Result?.GetRawText());
        Assert.Equal(
            ["maximum fold-deviation", "maximum rmse", "maximum rmse of Marital", "minimum r2", "parity"],
            run.Gate?.Reasons.Select(r => r.Rule).Order(StringComparer.Ordinal));
        var version = await platform.GetJsonAsync($"models/{Model}/versions/1");
        Assert.InRange(version.GetProperty("metrics").GetProperty("r2").GetProperty("value").GetDouble(), 0.5, 0.95);
        Assert.True(version.GetProperty("metrics").GetProperty("mae").GetProperty("value").GetDouble() < 300);
        var evaluation = version.GetProperty("evaluation");
        Assert.Equal(10, evaluation.GetProperty("residuals").GetProperty("deciles").GetArrayLength());
        Assert.Equal((3, "rmse"), Stability(evaluation));
        Assert.NotEqual("", version.GetProperty("lineage").GetProperty("software").GetProperty("onnxRuntime").GetString());
        await HasReportsAsync(Model, "mean-error-difference", "Predicts the value of Amount, a number.", "Nine in ten lie between");

        var input = CreditRisk.Scoring(300);
        await platform.DropAsync($"scoring-input/{Model}/rows.csv", input);
        var result = (await platform.WaitForTextAsync($"scoring-output/{Model}/rows.csv")).TrimEnd('\n').Split('\n');

        Assert.Equal(input.Split('\n')[0] + ",score,model_version,refusal", result[0]);
        var errors = result.Skip(1).Select(line => line.Split(',')).Select(f =>
        {
            Assert.Equal(("1", ""), (f[^2], f[^1]));
            return Math.Abs(double.Parse(f[^3], CultureInfo.InvariantCulture) - double.Parse(f[12], CultureInfo.InvariantCulture));
        }).ToArray();
        Assert.Equal(300, errors.Length);
        Assert.InRange(errors.Average(), 1, 300);
        await StandsBesideTheFirstAsync(Model, "champion rmse", "0.2% worse is tolerated");
        await DefinedOtherwise_TheDatasetIsRefusedAsync(Model, run.ResultText("dataset"));
    }

    [Fact]
    public async Task TrainingFileDropped_WithATargetThatIsNoNumber_IsRefusedWithTheReason()
    {
        const string Model = "no-number";
        await platform.DropAsync($"definitions/{Model}.yaml", $"model: {Model}\ntask: regression\ntarget: {{ column: Status }}\n");
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training(CreditRisk.Rows.Take(200)));

        var run = await platform.WaitForRunAsync("IngestDataset", Model, r => r.Outcome is "refused");

        Assert.Contains("expected numbers, since the task is regression", run.Result?.GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>A dataset named in a request has to be one that the definition of today could have made.</summary>
    private async Task DefinedOtherwise_TheDatasetIsRefusedAsync(string model, string? dataset)
    {
        foreach (var (definition, reason) in ((string, string)[])
        [
            ("task: multiclass-classification\ntarget: { column: Home }", "was made for regression; the definition's task is multiclass-classification."),
            ("task: regression\ntarget: { column: Price }", "was made for the target 'Amount'; the definition's target is 'Price'."),
            ("task: regression\ntarget: { column: Amount }\nignore: [Price]", "has the feature 'Price'; the definition ignores it."),
        ])
        {
            await platform.DropAsync($"definitions/{model}.yaml", $"model: {model}\n{definition}\n");

            using var response = await platform.PostAsync($"models/{model}/train", new { reason = "the same rows", dataset });

            var answer = await response.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            Assert.Contains(reason, JsonSerializer.Deserialize<JsonElement>(answer).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    private static (int Folds, string? Metric) Stability(JsonElement evaluation) =>
        (evaluation.GetProperty("stability").GetProperty("folds").GetArrayLength(), evaluation.GetProperty("stability").GetProperty("metric").GetString());

    /// <summary>Trains once more on the same rows: the same model, which is as good as the first.</summary>
    private async Task StandsBesideTheFirstAsync(string model, string rule, string tolerated)
    {
        using var response = await platform.PostAsync($"models/{model}/train", new { reason = "once more" });
        var started = await JsonSerializer.DeserializeAsync<JsonElement>(await response.Content.ReadAsStreamAsync());
        var run = await platform.WaitForRunAsync(started.GetProperty("id").GetString() ?? "");

        Assert.Equal("deployed", run.Outcome);
        var gate = (await platform.GetJsonAsync($"models/{model}/versions/2")).GetProperty("decision").GetProperty("gate");
        var reason = gate.GetProperty("reasons").EnumerateArray().Single(r => r.GetProperty("rule").GetString() == rule);
        Assert.Contains(tolerated, reason.GetProperty("explanation").GetString(), StringComparison.Ordinal);
        Assert.Equal((0, 0), (reason.GetProperty("difference").GetProperty("value").GetDouble(), reason.GetProperty("difference").GetProperty("shareBetter").GetDouble()));
    }

    private async Task HasReportsAsync(string model, string measure, params string[] onTheCard)
    {
        var folder = $"models/{model}/versions/1";
        Assert.Contains(measure, await platform.WaitForTextAsync($"{folder}/fairness.json"), StringComparison.Ordinal);
        Assert.Contains("\"columns\"", await platform.WaitForTextAsync($"{folder}/importance.json"), StringComparison.Ordinal);
        Assert.Contains("\"features\"", await platform.WaitForTextAsync($"{folder}/leakage.json"), StringComparison.Ordinal);
        Assert.Contains("Groups of people", await platform.WaitForTextAsync($"{folder}/card.html"), StringComparison.Ordinal);
        var card = await platform.WaitForTextAsync($"{folder}/card.md");
        Assert.All(onTheCard, part => Assert.Contains(part, card, StringComparison.Ordinal));
    }
}
