using System.Text.Json;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Tests.Unit.Evaluation;

public sealed class FairnessEvaluationTests
{
    [Fact]
    public void Of_TwoGroups_GivesTheFiguresComputedByHand()
    {
        // a: 40 rows, 20 positive, 15 of them and 5 others selected. b: 40 rows, 10 positive, 4 of them and 6 others selected.
        var column = Assert.Single(Report(("a", 20, 15, 20, 5), ("b", 10, 4, 30, 6)).Columns);

        Assert.Equal([0.5, 0.25], column.Groups.Select(g => g.SelectionRate.Value));
        Assert.Equal([0.75, 0.4], column.Groups.Select(g => g.TruePositiveRate!.Value));
        Assert.Equal([0.25, 0.2], column.Groups.Select(g => g.FalsePositiveRate!.Value));
        Assert.Equal([0.75, 0.4], column.Groups.Select(g => g.Precision!.Value));
        Assert.Equal([0.5, 0.25], column.Groups.Select(g => g.BaseRate.Value));
        var measures = column.Measures.ToDictionary(m => m.Name);
        Assert.Equal(0.25, measures["demographic-parity-difference"].Value);
        Assert.Equal(0.5, measures["demographic-parity-ratio"].Value);
        Assert.Equal(0.35, measures["equal-opportunity-difference"].Value!.Value, 12);
        Assert.Equal(0.35, measures["equalized-odds-difference"].Value!.Value, 12);
        Assert.Equal(0.35, measures["predictive-parity-difference"].Value!.Value, 12);
        Assert.Equal(("a", "b", 2), (measures["demographic-parity-difference"].Highest, measures["demographic-parity-difference"].Lowest, measures["demographic-parity-difference"].Groups));
        Assert.Equal((0.038, 0.433), (Math.Round(measures["demographic-parity-difference"].Low!.Value, 3), Math.Round(measures["demographic-parity-difference"].High!.Value, 3)));
        Assert.Equal((0.269, 0.905), (Math.Round(measures["demographic-parity-ratio"].Low!.Value, 3), Math.Round(measures["demographic-parity-ratio"].High!.Value, 3)));
        Assert.All(column.Measures, m => Assert.True(m.Definition.Length > 60));
    }

    [Fact]
    public void Of_TwoGroups_HasTheRatiosIntervalThatWasPublished()
    {
        // Perondi et al., 2004: 7 of 34 and 1 of 34; by MOVER-R from Wilson's intervals 7 (1.1537 to 41.9763) (Fagerland, Lydersen, Laake: contingencytables).
        var ratio = Assert.Single(Report(("a", 7, 7, 27, 0), ("b", 1, 1, 33, 0)).Columns).Measures.Single(m => m.Name == "demographic-parity-ratio");

        Assert.Equal((1 / 7.0, 1 / 41.9763, 1 / 1.1537), (ratio.Value!.Value, ratio.Low!.Value, ratio.High!.Value), Close);
    }

    [Fact]
    public void Of_GroupWithoutAnyPredictedPositive_HasARatioFromZeroUp()
    {
        var ratio = Assert.Single(Report(("a", 20, 15, 20, 5), ("b", 10, 0, 30, 0)).Columns).Measures.Single(m => m.Name == "demographic-parity-ratio");

        Assert.Equal((0, 0), (ratio.Value, ratio.Low));
        Assert.InRange(ratio.High!.Value, 0.15, 0.2);
    }

    [Fact]
    public void Of_GroupsWhoseScoresComeTrue_DifferInCalibrationByNoMoreThanChanceAsOftenAsItSays()
    {
        ColumnFairness[] columns = [.. Enumerable.Range(0, 200).Select(seed => Calibration(seed, overstated: 0))];

        // 95% of 200, and of 600, give or take three standard deviations.
        Assert.InRange(columns.Count(c => c.Measures[^1].Value <= c.Measures[^1].ByChance), 181, 199);
        Assert.InRange(columns.SelectMany(c => c.Groups).Count(g => g.CalibrationError <= g.CalibrationByChance), 554, 586);
        Assert.All(columns, c => Assert.Equal((null, null), (c.Measures[^1].Low, c.Measures[^1].High)));
    }

    [Fact]
    public void Of_GroupWhoseScoresAreOverstated_DiffersInCalibrationByMoreThanChance()
    {
        var column = Calibration(1, overstated: 0.3);

        Assert.True(column.Measures[^1] is { ByChance: > 0 and < 0.2 } found && found.Value > found.ByChance);
        Assert.True(column.Groups[2].CalibrationError > 2 * column.Groups[2].CalibrationByChance);
    }

    [Fact]
    public void Of_FourGroupsThatAreAlike_FindsADifferenceInAtMostOneOfTwenty()
    {
        var random = new Random(3);
        var found = 0;
        for (var i = 0; i < 2_000; i++)
        {
            GroupFigure[] groups = [.. Enumerable.Range(0, 4).Select(g => GroupFigure.Of($"{g}", Proportion.Wilson(Enumerable.Range(0, 210).Count(_ => random.NextDouble() < 0.3), 210)!))];
            var gap = GroupGap.Of(groups)!;
            Assert.InRange(gap.Low, 0, gap.Value);
            var ratio = GroupGap.Ratio("ratio", gap, "");
            Assert.True(ratio.Low <= ratio.Value && ratio.Value <= ratio.High && ratio.High < 1 == gap.Low > 0);
            found += gap.Low > 0 ? 1 : 0;
        }

        // Of the pair that differs most, taken as if it had been picked beforehand, it would be one in five.
        Assert.InRange(found / 2_000.0, 0.005, 0.06);
    }

    [Fact]
    public void Of_FewRowsAtAnExtreme_HideNoOtherPairThatPlainlyDiffers()
    {
        // Of 344, 550 and 11 positives: F and X differ most, F and M the most plainly.
        var measures = Assert.Single(Report(("F", 344, 190, 344, 172), ("M", 550, 433, 550, 275), ("X", 11, 9, 40, 20)).Columns).Measures.ToDictionary(m => m.Name);
        var recall = measures["equal-opportunity-difference"];

        Assert.Equal(("X", "F", 0.266), (recall.Highest, recall.Lowest, Math.Round(recall.Value!.Value, 3)));
        Assert.Equal((0.158, 0.438), (Math.Round(recall.Low!.Value, 3), Math.Round(recall.High!.Value, 3)));
        Assert.Contains("each end is the highest of any pair", recall.Definition, StringComparison.Ordinal);
        // Of pairs in both rates at once: wider, and as plain.
        var odds = measures["equalized-odds-difference"];
        Assert.Equal(recall.Value, odds.Value);
        Assert.InRange(odds.Low!.Value, 0.1, recall.Low.Value - 0.001);
        Assert.InRange(odds.High!.Value, recall.High.Value + 0.001, 0.5);
    }

    [Fact]
    public void Of_FewRowsAtAnExtreme_RatioAndDifferenceAgree()
    {
        GroupFigure[] groups = [.. new[] { ("F", 190, 344), ("M", 433, 550), ("X", 9, 11) }.Select(g => GroupFigure.Of(g.Item1, Proportion.Wilson(g.Item2, g.Item3)!))];
        var (gap, without) = (GroupGap.Of(groups)!, GroupGap.Of(groups[..2])!);
        var ratio = GroupGap.Ratio("ratio", gap, "");

        Assert.True(gap.Low > 0 && ratio.High < 1);
        // X may be the lowest too, for all that its rows say.
        Assert.InRange(ratio.Low!.Value, 0.4, without.RatioLow - 0.01);
        Assert.InRange(ratio.High!.Value, without.RatioHigh, without.RatioHigh + 0.02);
        Assert.Contains("each end is the lowest of any pair", ratio.Definition, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SmallGroup_IsFlaggedAndLeftOutOfTheExtremes()
    {
        var column = Assert.Single(Report(("a", 20, 10, 20, 5), ("b", 20, 11, 20, 5), ("c", 6, 6, 6, 6)).Columns);

        Assert.Equal([false, false, true], column.Groups.Select(g => g.Small));
        Assert.Equal(1, column.Groups[2].SelectionRate.Value);
        Assert.Null(column.Groups[2].RocAuc);
        Assert.All(column.Measures, m => Assert.Equal((2, true), (m.Groups, m.Value is null or < 1.01)));
        Assert.Equal(0.025, column.Measures[0].Value!.Value, 12);
    }

    [Fact]
    public void Of_SmallGroupsPutTogether_AreNoGroupToCompare()
    {
        var column = Assert.Single(Report(("a", 20, 10, 20, 5), ("b", 20, 11, 20, 5), ("c", 6, 6, 10, 10), ("d", 6, 6, 10, 10)).Columns);

        Assert.Equal((SliceEvaluation.SmallGroups, 32, true), (column.Groups[^1].Group, column.Groups[^1].Rows, column.Groups[^1].Small));
        Assert.All(column.Measures, m => Assert.Equal(2, m.Groups));
    }

    [Fact]
    public void Of_RateOverFewRows_IsNoExtreme()
    {
        var measures = Assert.Single(Report(("a", 20, 10, 20, 5), ("b", 3, 3, 40, 10)).Columns).Measures.ToDictionary(m => m.Name);

        Assert.Null(measures["equal-opportunity-difference"].Value);
        Assert.NotNull(measures["demographic-parity-difference"].Value);
    }

    [Fact]
    public void Of_OneGroup_HasNothingToCompare() =>
        Assert.All(Assert.Single(Report(("a", 20, 10, 20, 5)).Columns).Measures, m => Assert.Null(m.Value));

    [Fact]
    public void Of_SameRows_GivesTheSameJson()
    {
        var report = Report(("a", 20, 15, 20, 5), ("b", 10, 4, 30, 6));
        var json = JsonSerializer.Serialize(report, JsonSerializerOptions.Web);

        Assert.Equal(json, JsonSerializer.Serialize(Report(("a", 20, 15, 20, 5), ("b", 10, 4, 30, 6)), JsonSerializerOptions.Web));
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<FairnessReport>(json, JsonSerializerOptions.Web), JsonSerializerOptions.Web));
    }

    private static bool Close((double Value, double Low, double High) expected, (double Value, double Low, double High) found) =>
        Math.Abs(expected.Value - found.Value) < 1e-9 && Math.Abs(expected.Low - found.Low) < 1e-6 && Math.Abs(expected.High - found.High) < 1e-4;

    /// <summary>Three groups of 200 rows whose scores come true, those of the last but for what they overstate.</summary>
    private static ColumnFairness Calibration(int seed, double overstated)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, 600).Select(i => (Group: $"{i / 200}", Score: 0.1 + (0.6 * random.NextDouble()), Chance: random.NextDouble())).ToList();
        var sensitive = new Dictionary<string, string[]> { ["Group"] = [.. rows.Select(r => r.Group)] };
        return Assert.Single(FairnessEvaluation.Of(
            new EvaluationInput(
                LearningTask.BinaryClassification, [], [.. rows.Select(r => (float)(r.Score + (r.Group == "2" ? overstated : 0)))],
                [.. rows.Select(r => r.Chance < r.Score ? 1f : 0f)], 0.5, 1, sensitive),
            "bad", CancellationToken.None).Columns);
    }

    private static FairnessReport Report(params (string Group, int Positives, int PositivesSelected, int Negatives, int NegativesSelected)[] groups)
    {
        var rows = groups.SelectMany(g => Enumerable.Range(0, g.Positives).Select(i => (g.Group, Label: 1f, Score: i < g.PositivesSelected ? 0.8f : 0.2f))
            .Concat(Enumerable.Range(0, g.Negatives).Select(i => (g.Group, Label: 0f, Score: i < g.NegativesSelected ? 0.7f : 0.1f)))).ToArray();
        var sensitive = new Dictionary<string, string[]> { ["Group"] = [.. rows.Select(r => r.Group)] };
        return FairnessEvaluation.Of(
            new EvaluationInput(LearningTask.BinaryClassification, [], [.. rows.Select(r => r.Score)], [.. rows.Select(r => r.Label)], 0.5, 1, sensitive), "bad",
            CancellationToken.None);
    }
}
