using System.Text.Json;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

/// <summary>Gates that read figures of groups, of folds and of the comparison's interval.</summary>
public sealed class GroupGateTests
{
    private static readonly ParityReport Same = new(100, 1e-7, 1e-5, true);

    // Scores that say how likely a row is positive; of the sea there are too few rows to compare.
    private static readonly EvaluationInput Rows = Drawn();
    private static readonly FairnessReport Fairness = FairnessEvaluation.Of(Rows, "bad", CancellationToken.None);
    private static readonly EvaluationReport Report = ModelEvaluator.Evaluate(Rows, CancellationToken.None).Report!;

    public static TheoryData<string, string> NamesOfAllTasks() =>
        new(Enum.GetValues<LearningTask>().SelectMany(task => GroupMetrics.For(task).Least.Concat(GroupMetrics.For(task).Most).Select(name => ($"{task}", name))));

    [Theory]
    [MemberData(nameof(NamesOfAllTasks))]
    public void Decide_AnyFigureOfGroups_IsHeldToItsBoundByName(string task, string name)
    {
        var fairness = FairnessOf(Enum.Parse<LearningTask>(task));
        var atLeast = GroupMetrics.For(Enum.Parse<LearningTask>(task)).Least.Contains(name);
        var found = Decide(0).Found!.Value;

        Assert.True(found > 0);
        Assert.True(Decide(found + (atLeast ? -1e-9 : 1e-9)).Passed);
        Assert.False(Decide(found + (atLeast ? 1e-9 : -1e-9)).Passed);
        Assert.Equal(atLeast, Decide(0).AtLeast);

        GateReason Decide(double bound)
        {
            Dictionary<string, double> bounds = new() { [name] = bound };
            var gate = atLeast ? new GroupGate("Area", bounds, new Dictionary<string, double>()) : new GroupGate("Area", new Dictionary<string, double>(), bounds);
            return DecideBy([gate], fairness).Reasons.Single(r => r.Rule == $"{(atLeast ? "minimum" : "maximum")} {name} of Area");
        }
    }

    [Fact]
    public void Decide_MetricOfGroups_IsThatOfTheWorstWhichIsNotSmall()
    {
        var groups = Fairness.Columns[0].Groups;
        var worst = groups.Where(g => !g.Small).MinBy(g => g.RocAuc!.Value)!;
        var best = groups.Where(g => !g.Small).MaxBy(g => g.RocAuc!.Value)!;

        var reason = DecideBy([new GroupGate("Area", new Dictionary<string, double> { ["roc-auc"] = best.RocAuc!.Value }, new Dictionary<string, double>())], Fairness).Reasons[^1];

        Assert.Contains(groups, g => g.Small);
        Assert.Equal((false, worst.RocAuc!.Value, worst.RocAuc.Low, worst.RocAuc.High), (reason.Passed, reason.Found, reason.Low, reason.High));
        Assert.Contains($"Of the groups of 'Area' the candidate's roc-auc is", reason.Explanation, StringComparison.Ordinal);
        Assert.Contains($"that of '{worst.Group}'; the definition requires at least", reason.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_MeasureOfGroups_NamesTheTwoThatDifferMost()
    {
        var measure = Fairness.Columns[0].Measures.Single(m => m.Name == "demographic-parity-difference");

        var reason = DecideBy([new GroupGate("Area", new Dictionary<string, double>(), new Dictionary<string, double> { [measure.Name] = 0.9 })], Fairness).Reasons[^1];

        Assert.Equal((true, measure.Value, measure.Low, measure.High), (reason.Passed, reason.Found, reason.Low, reason.High));
        Assert.Contains($"'{measure.Highest}' and '{measure.Lowest}'; the definition requires at most 0.9", reason.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("roc-auc", "'city', 'sea'")]
    [InlineData("equal-opportunity-difference", "'country', 'sea'")]
    [InlineData("equalized-odds-difference", "'country', 'town', 'sea'")]
    [InlineData("predictive-parity-difference", "'port', 'sea'")]
    [InlineData("demographic-parity-ratio", "'sea'")]
    public void Decide_GroupsOfTooFewRowsForAFigure_AreNamed(string name, string leftOut)
    {
        var (enough, few) = (Proportion.Wilson(5, 10), Proportion.Wilson(5, 9));
        var measured = Fairness.Columns[0].Groups[0] with { TruePositiveRate = enough, FalsePositiveRate = enough, Precision = enough };
        GroupFairness[] groups =
        [
            measured, measured with { Group = "city", RocAuc = null }, measured with { Group = "country", TruePositiveRate = few }, measured with { Group = "port", Precision = null },
            measured with { Group = "town", FalsePositiveRate = few }, measured with { Group = "sea", Small = true },
        ];
        var fairness = Fairness with { Columns = [Fairness.Columns[0] with { Groups = groups }] };

        var reason = DecideBy([new GroupGate("Area", new Dictionary<string, double> { [name] = 0.1 }, new Dictionary<string, double>())], fairness).Reasons[^1];

        Assert.EndsWith($"; the definition requires at least 0.1. Left out, having too few rows for it: {leftOut}.", reason.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("Left out", DecideBy(
            [new GroupGate("Area", new Dictionary<string, double> { [name] = 0.1 }, new Dictionary<string, double>())],
            Fairness with { Columns = [Fairness.Columns[0] with { Groups = [measured] }] }).Reasons[^1].Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_GroupsThatWereNotMeasured_DoNotPass()
    {
        GroupGate gate = new("Area", new Dictionary<string, double> { ["recall"] = 0 }, new Dictionary<string, double>());
        var small = new FairnessReport("bad", 0.5, "", [Fairness.Columns[0] with { Groups = [.. Fairness.Columns[0].Groups.Where(g => g.Small)] }]);

        foreach (var (fairness, why) in new[] { (small, "too few of its groups have rows enough"), ((FairnessReport?)null, "there is no report of its groups") })
        {
            var reason = DecideBy([gate], fairness).Reasons[^1];

            Assert.Equal((false, null), (reason.Passed, reason.Found));
            Assert.Contains($"The candidate's recall was not measured for 'Area': {why}", reason.Explanation, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Decide_FoldDeviationOfOneFold_SaysWhyItWasNotMeasured()
    {
        var policy = new GatePolicy(new Dictionary<string, double>(), null, new Dictionary<string, double> { ["fold-deviation"] = 0.03 });

        Assert.Equal(
            "The candidate's fold-deviation was not measured, since it was cross-validated on one fold only, which has no deviation; the definition requires at most 0.03.",
            Explained(Report with { Stability = new FoldStability("roc-auc", [0.8], 0.8, 0) }));
        Assert.Equal("The candidate's fold-deviation was not measured; the definition requires at most 0.03.", Explained(Report with { Stability = null }));

        string Explained(EvaluationReport report) => PromotionGate.Decide(policy, report, null, Same).Reasons.Single(r => !r.Passed).Explanation;
    }

    [Theory]
    [InlineData("top-decile-lift", "minimum")]
    [InlineData("fold-deviation", "maximum")]
    public void Decide_LiftAndStability_AreReadByName(string metric, string way)
    {
        var report = Report with { Stability = new FoldStability("roc-auc", [0.8, 0.82], 0.81, 0.0141) };
        var found = metric == "fold-deviation" ? 0.0141 : report.Gain![0].Lift;

        Assert.True(found > 0);
        Assert.True(Bounded(found).Passed);
        Assert.Null((report with { Stability = new FoldStability("roc-auc", [0.8], 0.8, 0) }).Find("fold-deviation"));
        Assert.False(Bounded(way == "minimum" ? found + 0.001 : found - 0.001).Passed);

        GateReason Bounded(double bound)
        {
            Dictionary<string, double> bounds = new() { [metric] = bound };
            var policy = way == "minimum" ? new GatePolicy(bounds, null) : new GatePolicy(new Dictionary<string, double>(), null, bounds);
            return PromotionGate.Decide(policy, report, null, Same).Reasons.Single(r => r.Rule == $"{way} {metric}");
        }
    }

    [Theory]
    [InlineData("roc-auc", 0.02, 0.003, 0.04, 0, true)]
    [InlineData("roc-auc", 0.02, -0.001, 0.04, 0, false)]
    [InlineData("roc-auc", 0.02, -0.001, 0.04, 0.002, true)]
    [InlineData("roc-auc", 0.02, -0.003, 0.04, 0.002, false)]
    [InlineData("roc-auc", 0, 0, 0, 0, false)]
    [InlineData("brier", 0, 0, 0, 0, false)]
    [InlineData("roc-auc", 0, 0, 0, 0.002, true)]
    [InlineData("brier", -0.02, -0.04, -0.003, 0, true)]
    [InlineData("brier", -0.02, -0.04, 0.001, 0, false)]
    public void Decide_ChampionByInterval_HoldsItsWorseEndToTheTolerance(string metric, double value, double low, double high, double tolerance, bool passed)
    {
        var difference = new PairedDifference(value, low, high, 0.97);
        var comparison = new ComparisonReport(4, 203, 1_000, new Dictionary<string, PairedDifference> { [metric] = difference });
        var policy = new GatePolicy(new Dictionary<string, double>(), new ChampionGate(metric, tolerance) { ByInterval = true });

        var reason = PromotionGate.Decide(policy, Report, Report, Same, comparison: comparison).Reasons[^1];

        Assert.Equal(($"champion {metric}", passed, metric == "roc-auc" ? low : high), (reason.Rule, reason.Passed, reason.Found));
        Assert.Equal(metric == "roc-auc" ? -tolerance : tolerance, reason.Required!.Value, 12);
        Assert.Contains("(by: interval)", reason.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_ChampionByIntervalWithoutOne_DoesNotPass()
    {
        var policy = new GatePolicy(new Dictionary<string, double>(), new ChampionGate("roc-auc", 1) { ByInterval = true });

        var unpaired = PromotionGate.Decide(policy, Report, Report, Same).Reasons[^1];
        var recorded = PromotionGate.Decide(policy, Report, null, Same, "Its column 'Age' is missing.", recorded: Report).Reasons[^1];

        Assert.All([unpaired, recorded], reason => Assert.Equal((false, null), (reason.Passed, reason.Required)));
        Assert.Contains("'by: interval' asks for", unpaired.Explanation, StringComparison.Ordinal);
        Assert.Contains("Its column 'Age' is missing. So there is no interval", recorded.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Policy_WithoutGroupsAndInterval_HasTheBytesOfOlderReleases() =>
        Assert.Equal(
            """{"Minimum":{},"Champion":{"Metric":"roc-auc","Tolerance":0.002},"Maximum":null}""",
            JsonSerializer.Serialize(new GatePolicy(new Dictionary<string, double>(), new ChampionGate("roc-auc", 0.002))));

    private static EvaluationInput Drawn()
    {
        var random = new Random(3);
        float[] scores = [.. Enumerable.Range(0, 303).Select(_ => (float)random.NextDouble())];
        float[] labels = [.. scores.Select(score => random.NextDouble() < score ? 1f : 0f)];
        string[] areas = [.. scores.Select((score, row) => row >= 300 ? "sea" : random.NextDouble() < 0.3 + (0.4 * score) ? "city" : "country")];
        return new EvaluationInput(LearningTask.BinaryClassification, [], scores, labels, 0.5, 17, new Dictionary<string, string[]> { ["Area"] = areas });
    }

    private static GateDecision DecideBy(IReadOnlyList<GroupGate> groups, FairnessReport? fairness) =>
        PromotionGate.Decide(new GatePolicy(new Dictionary<string, double>(), null) { Groups = groups }, Report, null, Same, fairness: fairness);

    private static FairnessReport FairnessOf(LearningTask task)
    {
        Dictionary<string, string[]> areas = new() { ["Area"] = [.. Enumerable.Range(0, 300).Select(r => r % 3 == 0 ? "city" : "country")] };
        return task switch
        {
            LearningTask.MulticlassClassification => FairnessEvaluation.Of(TaskRows.Classes(300, sensitive: areas), null, CancellationToken.None),
            LearningTask.Regression => FairnessEvaluation.Of(TaskRows.Numbers(300, sensitive: areas), null, CancellationToken.None),
            _ => Fairness,
        };
    }
}
