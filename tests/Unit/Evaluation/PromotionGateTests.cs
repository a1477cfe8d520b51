using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

public sealed class PromotionGateTests
{
    private static readonly ParityReport Same = new(100, 1e-7, 1e-5, true);
    private static readonly GatePolicy Policy = new(new Dictionary<string, double> { ["roc-auc"] = 0.8, ["brier"] = 0.2 }, new ChampionGate("roc-auc", 0.002));

    [Fact]
    public void Decide_AllBoundsKept_Passes()
    {
        var decision = PromotionGate.Decide(Policy, Report(0.85, 0.15), Report(0.84, 0.16), Same);

        Assert.True(decision.Passed);
        Assert.Equal(["parity", "minimum brier", "minimum roc-auc", "champion roc-auc"], decision.Reasons.Select(r => r.Rule));
        Assert.All(decision.Reasons, r => Assert.True(r.Passed));
    }

    [Fact]
    public void Decide_BelowTheMinimum_SaysWhatWasFoundAndRequired()
    {
        var decision = PromotionGate.Decide(Policy, Report(0.75, 0.15), null, Same);

        var failed = Assert.Single(decision.Reasons, r => !r.Passed);
        Assert.False(decision.Passed);
        Assert.Equal(("minimum roc-auc", 0.75, 0.8, true), (failed.Rule, failed.Found, failed.Required, failed.AtLeast));
        Assert.Equal("The candidate's roc-auc is 0.75; the definition requires at least 0.8.", failed.Explanation);
    }

    [Theory]
    [InlineData(0.2, true)]
    [InlineData(0.21, false)]
    public void Decide_Loss_MustBeAtMostItsBound(double brier, bool passed) =>
        Assert.Equal(passed, PromotionGate.Decide(Policy, Report(0.85, brier), null, Same).Passed);

    [Theory]
    [InlineData("roc-auc", 0.849, true)]
    [InlineData("roc-auc", 0.847, false)]
    [InlineData("roc-auc", 0.9, true)]
    [InlineData("brier", 0.151, true)]
    [InlineData("brier", 0.153, false)]
    [InlineData("brier", 0.1, true)]
    public void Decide_Champion_MayBeMissedByTheToleranceOnly(string metric, double found, bool passed)
    {
        var policy = new GatePolicy(new Dictionary<string, double>(), new ChampionGate(metric, 0.002));
        var candidate = metric == "brier" ? Report(0.85, found) : Report(found, 0.15);

        Assert.Equal(passed, PromotionGate.Decide(policy, candidate, Report(0.85, 0.15), Same).Passed);
    }

    [Fact]
    public void Decide_NoChampion_IsComparedWithNone() =>
        Assert.DoesNotContain(PromotionGate.Decide(Policy, Report(0.85, 0.15), null, Same).Reasons, r => r.Rule.StartsWith("champion", StringComparison.Ordinal));

    [Fact]
    public void Decide_GraphDiffersFromLearner_Fails()
    {
        var decision = PromotionGate.Decide(Policy, Report(0.85, 0.15), null, new ParityReport(100, 0.01, 1e-5, false));

        Assert.Equal("parity", Assert.Single(decision.Reasons, r => !r.Passed).Rule);
    }

    [Fact]
    public void Decide_MetricNotMeasured_Fails()
    {
        var policy = new GatePolicy(new Dictionary<string, double> { ["ks"] = 0.1 }, null);

        var reason = Assert.Single(PromotionGate.Decide(policy, Report(0.85, 0.15), null, Same).Reasons, r => !r.Passed);

        Assert.Null(reason.Found);
    }

    [Theory]
    [InlineData("maximum", "brier", 0.15, true)]
    [InlineData("maximum", "brier", 0.149, false)]
    [InlineData("minimum", "recall", 0.75, true)]
    [InlineData("minimum", "recall", 0.76, false)]
    [InlineData("minimum", "accuracy", 0.8, true)]
    [InlineData("maximum", "cost-per-row", 0.6, true)]
    [InlineData("maximum", "cost-per-row", 0.59, false)]
    public void Decide_BoundEitherWay_ReadsAnyMetricByName(string way, string metric, double bound, bool passed)
    {
        var bounds = new Dictionary<string, double> { [metric] = bound };
        var policy = way == "minimum" ? new GatePolicy(bounds, null) : new GatePolicy(new Dictionary<string, double>(), null, bounds);

        var reason = PromotionGate.Decide(policy, Report(0.85, 0.15), null, Same).Reasons.Single(r => r.Rule == $"{way} {metric}");

        Assert.Equal((passed, way == "minimum"), (reason.Passed, reason.AtLeast));
        Assert.True(reason.Low <= reason.Found && reason.Found <= reason.High);
    }

    [Fact]
    public void Decide_ComparisonOfTheSameRows_StandsInTheReason()
    {
        var difference = new PairedDifference(0.01, -0.002, 0.023, 0.94);
        var comparison = new ComparisonReport(4, 100, 1_000, new Dictionary<string, PairedDifference> { ["roc-auc"] = difference });

        var reason = PromotionGate.Decide(Policy, Report(0.85, 0.15), Report(0.84, 0.16), Same, comparison: comparison).Reasons[^1];

        Assert.Equal(("champion roc-auc", difference, 0.84), (reason.Rule, reason.Difference, reason.Low!.Value));
        Assert.EndsWith("the difference is 0.01, 95% interval -0.002 to 0.023, and the candidate is better in 94% of resamples.", reason.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_RowsLeftOutOfTheComparison_HoldsTheCandidateToItsFigureOnTheSameRows()
    {
        var left = new LeftOutRows(60, "60 of 100 held-out rows are left out for both.");
        var comparison = new ComparisonReport(4, 40, 100, new Dictionary<string, PairedDifference> { ["roc-auc"] = new(-0.02, -0.03, 0.01, 0.1) })
        {
            LeftOut = left,
            Candidate = new Dictionary<string, MetricEstimate> { ["roc-auc"] = new(0.82, 0.7, 0.9) },
        };

        var reason = PromotionGate.Decide(Policy, Report(0.85, 0.15), Report(0.84, 0.16), Same, comparison: comparison).Reasons[^1];

        Assert.Equal((false, 0.82, 0.7, 0.9), (reason.Passed, reason.Found, reason.Low, reason.High));
        Assert.Equal(0.838, reason.Required!.Value, 12);
        Assert.EndsWith("of resamples. " + left.Reason, reason.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.8381, true)]
    [InlineData(0.8379, false)]
    public void Decide_ChampionThatCannotBeMeasured_HoldsTheCandidateToWhatWasRecordedOfIt(double found, bool passed)
    {
        var reason = PromotionGate.Decide(Policy, Report(found, 0.15), null, Same, "Its column 'Age' is missing.", recorded: Report(0.84, 0.16)).Reasons[^1];

        Assert.Equal(("champion roc-auc", passed, found, true), (reason.Rule, reason.Passed, reason.Found, reason.AtLeast));
        Assert.Equal(0.838, reason.Required!.Value, 12);
        Assert.Contains("the champion had 0.84 when it was trained, and 0.002 worse is tolerated. These are other rows", reason.Explanation, StringComparison.Ordinal);
        Assert.EndsWith("Its column 'Age' is missing.", reason.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_ChampionWithoutAnythingToCompareBy_DoesNotPassAndSaysWhatToDo()
    {
        var decision = PromotionGate.Decide(Policy, Report(0.99, 0.01), null, Same, "It predicts 'Price'; the candidate predicts 'Status'.");

        var reason = Assert.Single(decision.Reasons, r => !r.Passed);
        Assert.Equal(("champion roc-auc", 0.99, null), (reason.Rule, reason.Found, reason.Required));
        Assert.Contains("It predicts 'Price'; the candidate predicts 'Status'.", reason.Explanation, StringComparison.Ordinal);
        Assert.Contains("write 'champion: none' under 'gates'", reason.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_NoRuleBesideTheChampion_SaysHowTheyCompareAllTheSame()
    {
        var comparison = new ComparisonReport(4, 100, 1_000, new Dictionary<string, PairedDifference>
        {
            ["brier"] = new(0.1, 0.05, 0.15, 0),
            ["roc-auc"] = new(-0.04, -0.06, -0.02, 0.01),
        });

        var decision = PromotionGate.Decide(Policy with { Champion = null }, Report(0.81, 0.15), Report(0.85, 0.16), Same, comparison: comparison, metric: "roc-auc");

        Assert.True(decision.Passed);
        Assert.DoesNotContain(decision.Reasons, r => r.Rule.StartsWith("champion", StringComparison.Ordinal));
        Assert.Same(comparison, decision.Comparison);
        Assert.Equal(
            "The definition asks for no rule beside the champion; compared all the same: the champion, version 4, has 0.85 in roc-auc on the same rows, the candidate 0.81; "
                + "the difference is -0.04, 95% interval -0.06 to -0.02, and the candidate is better in 1% of resamples.",
            decision.Ungated);
    }

    [Fact]
    public void Decide_NoRuleBesideAChampionThatCannotBeMeasured_SaysWhy()
    {
        var decision = PromotionGate.Decide(Policy with { Champion = null }, Report(0.85, 0.15), null, Same, "Its column 'Age' is missing.");

        Assert.True(decision.Passed);
        Assert.Equal("The definition asks for no rule beside the champion, and the two could not be compared: Its column 'Age' is missing.", decision.Ungated);
        Assert.Null(PromotionGate.Decide(Policy, Report(0.85, 0.15), Report(0.84, 0.16), Same).Ungated);
    }

    [Theory]
    [InlineData("balanced-accuracy", "minimum")]
    [InlineData("macro-f1", "minimum")]
    [InlineData("log-loss", "maximum")]
    [InlineData("calibration-error", "maximum")]
    [InlineData("r2", "minimum")]
    [InlineData("rmse", "maximum")]
    [InlineData("median-absolute-error", "maximum")]
    public void Decide_MetricOfAnotherTask_IsReadByNameWithItsInterval(string metric, string way)
    {
        var input = MetricNames.For(LearningTask.Regression).Gated.Contains(metric) ? TaskRows.Numbers(300) : TaskRows.Classes(300);
        var report = ModelEvaluator.Evaluate(input, CancellationToken.None).Report!;
        var found = report.Find(metric)!;
        var step = way == "minimum" ? 1e-6 : -1e-6;

        Assert.True(Bounded(found.Value - step).Passed);
        Assert.False(Bounded(found.Value + step).Passed);
        Assert.Equal((found.Value, found.Low, found.High), (Bounded(1).Found, Bounded(1).Low, Bounded(1).High));

        GateReason Bounded(double bound)
        {
            var bounds = new Dictionary<string, double> { [metric] = bound };
            var policy = way == "minimum" ? new GatePolicy(bounds, null) : new GatePolicy(new Dictionary<string, double>(), null, bounds);
            return PromotionGate.Decide(policy, report, null, Same).Reasons.Single(r => r.Rule == $"{way} {metric}");
        }
    }

    [Theory]
    [InlineData("rmse", 1_000, 1_019, true)]
    [InlineData("rmse", 1_000, 1_021, false)]
    [InlineData("mae", 0.001, 0.00103, false)]
    [InlineData("r2", 0.8, 0.79, true)]
    [InlineData("r2", 0.8, 0.77, false)]
    public void Decide_ToleranceOfWhatIsInTheTargetsUnit_IsAShareOfTheChampions(string metric, double deployed, double found, bool passed)
    {
        var policy = new GatePolicy(new Dictionary<string, double>(), new ChampionGate(metric, 0.02));

        var reason = PromotionGate.Decide(policy, Of(found), Of(deployed), Same).Reasons[^1];

        Assert.Equal(passed, reason.Passed);
        Assert.Contains(metric == "r2" ? "and 0.02 worse is tolerated" : "and 2% worse is tolerated", reason.Explanation, StringComparison.Ordinal);

        EvaluationReport Of(double value) => new(100, null, new Dictionary<string, MetricEstimate> { [metric] = new(value, value, value) }, null, [], 1_000);
    }

    private static EvaluationReport Report(double rocAuc, double brier) => new(
        100,
        40,
        new Dictionary<string, MetricEstimate> { ["roc-auc"] = new(rocAuc, rocAuc - 0.01, rocAuc + 0.01), ["brier"] = new(brier, brier - 0.01, brier + 0.01) },
        new Confusion(0.5, 30, 10, 50, 10, 0.75, 0.75, 50.0 / 60, 0.8),
        [],
        1_000,
        Cost: ErrorCost.Of(new CostPolicy(1, 5), new Confusion(0.5, 30, 10, 50, 10, null, null, null, null)));
}
