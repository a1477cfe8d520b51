using System.Buffers;
using System.Globalization;
using System.Text;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Scoring;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Unit.Scoring;

public sealed class ScoredRowsTests
{
    private static readonly ScoringPlan Plan = new(
        "score-credit-risk-0011223344556677", "credit-risk", 3, new DroppedFile("scoring-input", "credit-risk/a.csv", "1"), new CsvHeader(new CsvDialect(','), ["a"]), "bad", "good", 0, []);

    [Fact]
    public void BlockId_OfEachChunk_IsOneOfItsOwnAndAllAreOfOneLength()
    {
        var ids = Enumerable.Range(0, 50_000).Select(i => ScoredRows.BlockId(Plan, i)).Append(ScoredRows.HeaderBlockId(Plan)).ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Single(ids.Select(id => id.Length).Distinct());
        Assert.All(ids.Take(10), id => Assert.InRange(Convert.FromBase64String(id).Length, 1, 64));
    }

    [Fact]
    public void BlockId_OfAnotherRun_IsAnother() =>
        Assert.NotEqual(ScoredRows.BlockId(Plan, 0), ScoredRows.BlockId(Plan with { Run = "score-credit-risk-8899aabbccddeeff" }, 0));

    [Theory]
    [InlineData(0.1f)]
    [InlineData(1e-9f)]
    [InlineData(0.99999994f)]
    [InlineData(float.Epsilon)]
    public void WriteScored_AScore_ReadsBackAsTheSameFloat(float score)
    {
        var to = new ArrayBufferWriter<byte>();

        ScoredRows.WriteScored(to, "x,\"y\""u8, (byte)',', score, "bad"u8, "3"u8);

        var line = Encoding.UTF8.GetString(to.WrittenSpan);
        Assert.StartsWith("x,\"y\",", line, StringComparison.Ordinal);
        Assert.EndsWith(",bad,3,\n", line, StringComparison.Ordinal);
        Assert.Equal(score, float.Parse(line.Split(',')[2], CultureInfo.InvariantCulture));
    }

    [Fact]
    public void WriteRefused_AReasonWithDelimitersAndQuotes_IsOneField()
    {
        var to = new ArrayBufferWriter<byte>();

        ScoredRows.WriteRefused(to, "x;y"u8, (byte)';', "3"u8, "found \"old\"; expected a number", new CsvDialect(';'));

        Assert.Equal("x;y;;;3;\"found \"\"old\"\"; expected a number\"\n", Encoding.UTF8.GetString(to.WrittenSpan));
    }

    [Theory]
    [InlineData("score", "predicted_score")]
    [InlineData("Model_Version", "predicted_score")]
    [InlineData("points", "score")]
    public void AddedColumns_BesideAColumnOfTheSameName_GetAPrefix(string column, string first) =>
        Assert.Equal(first, ScoredRows.AddedColumns(Plan with { Header = new CsvHeader(new CsvDialect(','), ["id", column]) })[0]);

    [Fact]
    public void Header_WithAwkwardNames_QuotesThem() => Assert.Equal("id,\"a,b\",score,decision,model_version,refusal\n", Header(Awkward));

    [Fact]
    public void Header_OfSeveralClasses_HasAScoreForEach() =>
        Assert.Equal(
            "id,\"a,b\",score,decision,model_version,refusal,\"score_cats, small\",score_dogs,reason_1\n",
            Header(Awkward with { Task = LearningTask.MulticlassClassification, Classes = ["cats, small", "dogs"], Reasons = 1 }));

    [Fact]
    public void Header_OfRegression_HasNoDecision() =>
        Assert.Equal("id,\"a,b\",score,model_version,refusal\n", Header(Awkward with { Task = LearningTask.Regression }));

    [Fact]
    public void Write_WithoutDecision_HasAFieldForEachColumn()
    {
        var to = new ArrayBufferWriter<byte>();

        ScoredRows.WriteScored(to, "x"u8, (byte)',', 12.5f, default, "3"u8);
        ScoredRows.WriteRefused(to, "y"u8, (byte)',', "3"u8, "no number", new CsvDialect(','), hasDecision: false);

        Assert.Equal("x,12.5,3,\ny,,3,no number\n", Encoding.UTF8.GetString(to.WrittenSpan));
    }

    [Fact]
    public void Decisions_OfSeveralClasses_AreTheLikeliestAndTheFirstOfEquals()
    {
        var plan = Plan with { Task = LearningTask.MulticlassClassification, Classes = ["a,b", "c", "d"] };
        var signature = new ModelSignature("m", plan.Task, new TargetColumn("kind", null), [], 0.5, "score") { Classes = plan.Classes };
        var decisions = new RowDecisions(plan, signature, [0.1f, 0.2f, 0.7f, 0.4f, 0.4f, 0.2f]);

        Assert.Equal([0.7f, 0.4f], [decisions.Score(0), decisions.Score(1)]);
        Assert.Equal(["d", "\"a,b\""], [Encoding.UTF8.GetString(decisions.Decision(0)), Encoding.UTF8.GetString(decisions.Decision(1))]);
        Assert.Equal(",0.1,0.2,0.7,why", Encoding.UTF8.GetString(decisions.More(0, ",why"u8)));
        Assert.Equal(("a,b", true), decisions.Towards(1));
    }

    private static ScoringPlan Awkward => Plan with { Header = new CsvHeader(new CsvDialect(','), ["id", "a,b"]) };

    private static string Header(ScoringPlan plan) => Encoding.UTF8.GetString(ScoredRows.Header(plan));
}
