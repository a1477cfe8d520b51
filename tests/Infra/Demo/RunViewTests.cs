using System.Text.Json;
using Serverless.Local.Runs;

namespace Serverless.Tests.Infra.Demo;

public sealed class RunViewTests
{
    [Fact]
    public void Facts_OfARunInItsGate_AreItsMetricsAndReasons()
    {
        var run = Parse("""
            {"id": "t1", "kind": "TrainModel", "model": "credit-risk", "state": "Running", "stage": "gate",
             "progress": {"done": 5, "total": 26, "of": "fits"}, "createdAt": "2026-11-22T05:00:00Z", "updatedAt": "2026-11-22T05:00:10Z",
             "result": null, "failure": null, "added": "later",
             "detail": {"metrics": {"roc-auc": {"value": 0.84114, "low": 0.82, "high": 0.86}, "trees": {"value": 80}},
                        "gate": {"passed": false, "reasons": [{"rule": "minimum roc-auc", "found": 0.84114, "required": 0.9, "passed": false},
                            {"rule": "parity", "found": 0.00000012, "required": 0.00001, "passed": true}, {"rule": "champion", "found": "none", "required": "none", "passed": true}]}}}
            """);
        Assert.False(run.IsOver);
        Assert.Equal((new RunProgress(5, 26, "fits"), "5/26 fits"), (run.Progress, run.Progress?.ToString()));
        Assert.Equal(
            [
                "roc-auc      0.8411   between 0.82 and 0.86",
                "trees        80",
                "gate: not passed",
                "  ✗ minimum roc-auc: found 0.8411, required 0.9",
                "  ✓ parity: found 1.2e-7, required 1e-5",
                "  ✓ champion: found none, required none",
            ],
            RunNarrative.Facts(run));
    }

    [Fact]
    public void Facts_OfADeployedModel_EndWithItsVersion()
    {
        var run = Parse("""
            {"id": "t1", "kind": "TrainModel", "model": "credit-risk", "state": "Completed",
             "result": {"outcome": "deployed", "version": 3, "dataset": "3f2a", "durations": {"trials": 2.5}}}
            """);
        Assert.Equal(["deployed: version 3 of credit-risk, from dataset 3f2a"], RunNarrative.Facts(run));
        Assert.Equal(2.5, run.Durations["trials"]);
    }

    [Fact]
    public void Facts_OfAScoredFile_AddUp()
    {
        var run = Parse("""
            {"id": "s1", "kind": "ScoreFile", "model": "credit-risk", "state": "Completed",
             "result": {"outcome": "scored", "rows": 10, "scored": 9, "refused": 1, "version": 3}}
            """);
        Assert.Equal(["scored: 10 rows = 9 scored + 1 refused, by version 3"], RunNarrative.Facts(run));
        Assert.Equal(9, run.ResultCount("scored"));
    }

    [Fact]
    public void Facts_OfAFailedRun_SayWhy()
    {
        var run = Parse("""{"id": "t1", "kind": "TrainModel", "state": "Failed", "failure": {"message": "out of disk"}}""");
        Assert.True(run.IsOver);
        Assert.Null(run.Outcome);
        Assert.Equal(["failed: out of disk"], RunNarrative.Facts(run));
    }

    private static RunView Parse(string json) => JsonSerializer.Deserialize<RunView>(json, JsonSerializerOptions.Web)!;
}
