using System.Text;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Scoring;

namespace Serverless.Tests.Unit.Scoring;

public sealed class RowParserTests
{
    private static readonly ModelSignature Signature = new(
        "credit-risk",
        LearningTask.BinaryClassification,
        new TargetColumn("Status", "bad"),
        [new SignatureColumn("Age", "Age", ColumnKind.Number, []), new SignatureColumn("Home", "Home", ColumnKind.Category, ["rent", "owner"])],
        0.5,
        "score");

    private static readonly CsvHeader Header = new(new CsvDialect(','), ["id", "Home", "Age"]);

    [Fact]
    public void Parse_RowsWithMissingAndUnknownValues_GivesThemAsTheModelTakesThem()
    {
        var rows = Parse("1,rent,41\n2,,NA\n3, castle ,-0.5\n", 3);

        Assert.Empty(rows.Refusals);
        Assert.Equal(["Age", "Home"], rows.Features.Columns.Select(c => c.Name));
        Assert.Equal([41f, float.NaN, -0.5f], rows.Features.Numbers(0));
        Assert.Equal(["rent", "", "castle"], rows.Features.Categories(1));
    }

    [Fact]
    public void Parse_TextInANumericColumn_RefusesThatRowAlone()
    {
        var rows = Parse("1,rent,41\n2,owner,old\n3,rent,42\n", 3);

        var (index, refusal) = Assert.Single(rows.Refusals);
        Assert.Equal(1, index);
        Assert.Equal((2L, "Age", 3L), (refusal.Row, refusal.Column, refusal.Line));
        Assert.Equal([41f, 42f], rows.Features.Numbers(0));
        Assert.Equal(3, rows.Records.Count);
    }

    [Fact]
    public void Parse_AKnownCategory_GivesTheSameStringForEachRow()
    {
        var rows = Parse("1,rent,1\n2,rent,2\n", 2);

        Assert.Same(rows.Features.Categories(1)[0], rows.Features.Categories(1)[1]);
    }

    [Fact]
    public void Parse_FewerRowsThanPlanned_Throws() => Assert.Throws<InvalidDataException>(() => Parse("1,rent,1\n", 2));

    private static ParsedRows Parse(string text, int rows)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return RowParser.Parse(Header, new ScoringChunk(0, new CsvPosition(1, 2, 0), bytes.Length, rows), bytes, Signature);
    }
}
