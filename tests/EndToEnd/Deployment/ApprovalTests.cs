using System.Net;

namespace Serverless.Tests.EndToEnd.Deployment;

[Collection(SharedPlatformGroup.Name)]
public sealed class ApprovalTests(SharedPlatform shared)
{
    private readonly InProcessPlatform platform = shared.Platform;

    [Theory]
    [InlineData("approve", "deployed")]
    [InlineData("reject", "rejected")]
    public async Task Approval_WhenRequired_DecidesOnTheCandidate(string decision, string outcome)
    {
        var model = $"to-{decision}";
        var run = await TrainUpToApprovalAsync(model, "deployment: { approval: required, approvers: [ann@example.com], timeout: 01:00:00 }");

        // Who decides has the card to decide by.
        var asked = await CardAsync(model);
        Assert.Contains("Awaiting approval, sent</span> by gate", asked, StringComparison.Ordinal);
        Assert.Contains("passed the gate; ann@example.com decides", asked, StringComparison.Ordinal);
        Assert.Contains("ROC AUC", await platform.WaitForTextAsync($"models/{model}/versions/1/card-for-approval.md"), StringComparison.Ordinal);

        using var stranger = await platform.PostAsync($"approvals/{run}", new { decision, by = "eve", reason = "because" });
        using var approver = await platform.PostAsync($"approvals/{run}", new { decision, by = "ann@example.com", reason = "looked into card 4111 1111 1111 1111 of jane@example.com" });
        var ended = await platform.WaitForRunAsync(run);
        using var late = await platform.PostAsync($"approvals/{run}", new { decision, by = "ann@example.com", reason = "once more" });

        Assert.Equal(HttpStatusCode.Forbidden, stranger.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, approver.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Equal(outcome, ended.Outcome);
        var version = await platform.GetJsonAsync($"models/{model}/versions/{ended.ResultText("version")}");
        Assert.Equal(outcome == "deployed" ? "champion" : "rejected", version.GetProperty("stage").GetString());
        Assert.Equal("ann@example.com", version.GetProperty("decision").GetProperty("by").GetString());
        Assert.Equal("looked into card [card number] of [e-mail address]", version.GetProperty("decision").GetProperty("reason").GetString());
        var decided = await CardAsync(model);
        Assert.Contains($"{(outcome == "deployed" ? "Deployed" : "Rejected")}</span> by ann@example.com", decided, StringComparison.Ordinal);
        await AssertNamesNobodyAsync($"{run}-deploy");
    }

    [Fact]
    public async Task Approval_NotGivenInTime_RejectsTheCandidate()
    {
        const string Model = "nobody-decides";
        var run = await TrainUpToApprovalAsync(Model, "deployment: { approval: required, timeout: 3.00:00:00 }");

        await platform.PassAsync(TimeSpan.FromDays(2));
        Assert.False((await platform.App.Durable.GetInstanceAsync(run))?.IsCompleted);
        await platform.PassAsync(TimeSpan.FromDays(1));
        var ended = await platform.WaitForRunAsync(run);

        Assert.Equal("rejected", ended.Outcome);
        Assert.Equal("rejected", (await platform.GetJsonAsync($"models/{Model}/versions/1")).GetProperty("stage").GetString());
    }

    [Fact]
    public async Task Approval_OfACandidateThatWasJudgedAgainstAnOlderChampion_IsAskedForAgain()
    {
        const string Model = "overtaken";
        var first = await TrainUpToApprovalAsync(Model, "deployment: { approval: required, timeout: 01:00:00 }");
        await ApproveAsync(first);
        await platform.WaitForRunAsync(first);
        var slow = await StartTrainingAsync(Model);
        var quick = await StartTrainingAsync(Model);

        await ApproveAsync(quick);
        await platform.WaitForRunAsync(quick);
        await ApproveAsync(slow);
        var asked = await platform.WaitAsync(
            async _ => (await platform.ListRunsAsync()).FirstOrDefault(r => r.Id == $"{slow}-deploy-2" && r.Stage == "awaiting-approval"), "a second question");
        await AssertNamesNobodyAsync(slow);
        await ApproveAsync(slow);
        var ended = await platform.WaitForRunAsync(slow);

        Assert.Contains(asked.Gate?.Reasons ?? [], r => r.Rule == "champion roc-auc");
        Assert.Equal("deployed", ended.Outcome);
        var history = (await platform.GetJsonAsync($"models/{Model}/history")).GetProperty("deployments").EnumerateArray().ToList();
        Assert.Equal([1, 2, 3], history.Select(d => d.GetProperty("revision").GetInt32()));
        Assert.Equal(ended.ResultCount("version"), history[^1].GetProperty("champion").GetInt64());
    }

    [Fact]
    public async Task Gate_NotReached_RejectsTheCandidateAndSaysWhy()
    {
        const string Model = "too-high-a-bar";
        await platform.DropAsync(
            $"definitions/{Model}.yaml", CreditRisk.Definition(Model, trials: 1).Replace("0.7", "0.999", StringComparison.Ordinal));
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training());

        var run = await platform.WaitForRunAsync("TrainModel", Model);

        Assert.Equal("rejected", run.Outcome);
        Assert.Contains(run.Gate?.Reasons ?? [], r => r.Rule == "minimum roc-auc" && !r.Passed);
        var model = await platform.GetJsonAsync($"models/{Model}");
        Assert.False(model.TryGetProperty("deployment", out _));
    }

    private async Task ApproveAsync(string run)
    {
        using var response = await platform.PostAsync($"approvals/{run}", new { decision = "approve", by = "ann", reason = "a test" });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    /// <summary>Starts a training over HTTP and returns its run once its candidate awaits approval.</summary>
    private async Task<string> StartTrainingAsync(string model)
    {
        using var response = await platform.PostAsync($"models/{model}/train", new { reason = "a test for jane@example.com, card 4111-1111-1111-1111" });
        var run = response.Headers.Location?.ToString()["/runs/".Length..] ?? "";
        await platform.WaitAsync(
            async _ => (await platform.ListRunsAsync()).FirstOrDefault(r => r.Id == $"{run}-deploy" && r.Stage == "awaiting-approval"), $"the candidate of {run} to await approval");
        return run;
    }

    /// <summary>What people wrote as reasons is kept in a run's history, and must hold no direct identifier there either.</summary>
    private async Task AssertNamesNobodyAsync(string run)
    {
        var history = (await platform.App.ExportHistoryAsync(run, TestContext.Current.CancellationToken))?.ToJson() ?? "";

        Assert.Contains("[e-mail address]", history, StringComparison.Ordinal);
        Assert.DoesNotContain("jane@", history, StringComparison.Ordinal);
        Assert.DoesNotContain("1111 1111", history, StringComparison.Ordinal);
        Assert.DoesNotContain("1111-1111", history, StringComparison.Ordinal);
    }

    private async Task<string> CardAsync(string model)
    {
        using var response = await platform.GetAsync($"models/{model}/versions/1/card");
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private async Task<string> TrainUpToApprovalAsync(string model, string deployment)
    {
        await platform.DropAsync($"definitions/{model}.yaml", CreditRisk.Definition(model, trials: 1, deployment));
        await platform.DropAsync($"training-data/{model}/data.csv", CreditRisk.Training());
        var waiting = await platform.WaitAsync(
            async _ => (await platform.ListRunsAsync()).FirstOrDefault(r => r.Kind == "DeployModel" && r.Model == model && r.Stage == "awaiting-approval"),
            $"a candidate of {model} to await approval");
        return waiting.Id[..^"-deploy".Length];
    }
}
