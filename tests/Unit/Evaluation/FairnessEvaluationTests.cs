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
        Assert.All(column.Measures, m => Assert.True(m.Definition.Length > 60));
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
            found += gap.Low > 0 ? 1 : 0;
        }

        // Of the pair that differs most, taken as if it had been picked beforehand, it would be one in five.
        Assert.InRange(found / 2_000.0, 0.005, 0.06);
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
