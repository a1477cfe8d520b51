using Serverless.Local.Demo;

namespace Serverless.Tests.Infra.Demo;

public sealed class ScoredFileTests
{
    private static readonly CsvTable Dropped = new(["age", "job"], [["20", "fixed"], ["30", ""], ["40", "none"], ["x", "fixed"]]);
    private static readonly bool[] Labels = [true, false, false, true];

    [Fact]
    public void Check_OfScoredAndRefusedRows_CountsBothAndRanksTheScored()
    {
        var result = Result(["0.7", "bad", "1", ""], ["0.8", "bad", "1", ""], ["0.1", "good", "1", ""], ["", "", "1", "age is no number"]);
        Assert.Equal(new ScoredFile(3, 1, 0.5), ScoredFile.Check(Dropped, Labels, result));
    }

    [Fact]
    public void Check_WhenARowIsMissing_Fails()
    {
        var result = Result(["0.7", "bad", "1", ""], ["0.8", "bad", "1", ""], ["0.1", "good", "1", ""]);
        Assert.Contains("3 rows; 4 were dropped", Failure(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WhenRowsChangedPlaces_NamesTheFirst()
    {
        var result = Result(["0.7", "bad", "1", ""], ["0.8", "bad", "1", ""], ["0.1", "good", "1", ""], ["0.1", "good", "1", ""]);
        var swapped = result with { Rows = [result.Rows[0], result.Rows[2], result.Rows[1], result.Rows[3]] };
        Assert.Contains("Row 2", Failure(swapped), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "1")]
    [InlineData("high", "1")]
    [InlineData("0.5", "")]
    public void Check_WhenARowIsNeitherScoredNorRefused_NamesIt(string score, string version)
    {
        var result = Result(["0.7", "bad", "1", ""], ["0.8", "bad", "1", ""], [score, "good", version, ""], ["0.1", "good", "1", ""]);
        Assert.Contains("Row 3", Failure(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WhenAColumnIsMissing_NamesTheExpected() =>
        Assert.Contains("model_version", Failure(Dropped), StringComparison.Ordinal);

    [Theory]
    [InlineData(new[] { 0.1, 0.2, 0.8, 0.9 }, 1.0)]
    [InlineData(new[] { 0.9, 0.8, 0.2, 0.1 }, 0.0)]
    [InlineData(new[] { 0.5, 0.5, 0.5, 0.5 }, 0.5)]
    [InlineData(new[] { 0.1, 0.4, 0.35, 0.8 }, 0.75)]
    [InlineData(new[] { 0.1, 0.4, 0.4, 0.8 }, 0.875)]
    public void RocAuc_OfTwoNegativesThenTwoPositives_IsTheShareOfPairsInOrder(double[] scores, double expected) =>
        Assert.Equal(expected, RocAuc.Of(scores.Select((score, index) => (score, index >= 2))), 12);

    [Fact]
    public void RocAuc_OfOneClass_IsRefused() =>
        Assert.Throws<InvalidDataException>(() => RocAuc.Of([(0.1, true), (0.2, true)]));

    private static CsvTable Result(params string[][] added) => new(
        [.. Dropped.Columns, "score", "decision", "model_version", "refusal"],
        [.. added.Select((fields, index) => (IReadOnlyList<string>)[.. Dropped.Rows[index], .. fields])]);

    private static string Failure(CsvTable result) =>
        Assert.Throws<InvalidDataException>(() => ScoredFile.Check(Dropped, Labels, result)).Message;
}
