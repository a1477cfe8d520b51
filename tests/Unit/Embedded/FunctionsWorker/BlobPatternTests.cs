using Serverless.Embedded.FunctionsWorker.Blobs;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

public sealed class BlobPatternTests
{
    [Theory]
    [InlineData("training-data/{name}", "credit/a.csv", "name=credit/a.csv")]
    [InlineData("training-data/{model}/{file}", "credit/a.csv", "model=credit file=a.csv")]
    [InlineData("training-data/{model}/{file}", "credit/2026/a.csv", "model=credit/2026 file=a.csv")]
    [InlineData("training-data/{model}/{file}", "a.csv", null)]
    [InlineData("training-data/{name}.{extension}", "a.b.csv", "name=a.b extension=csv")]
    [InlineData("training-data/{name}.csv", "a.csv", "name=a")]
    [InlineData("training-data/{name}.csv", "a.CSV", null)]
    [InlineData("training-data/{name}.csv", ".csv", "name=")]
    [InlineData("training-data/{name}.csv", "a.csv.gz", null)]
    [InlineData("training-data/{name}.csv", "aXcsv", null)]
    [InlineData("training-data/in/{name}", "in/a", "name=a")]
    [InlineData("training-data/in/{name}", "out/a", null)]
    [InlineData("training-data/{{{name}}}", "{a}", "name=a")]
    [InlineData("training-data/{name}", "line\nbreak", "name=line\nbreak")]
    [InlineData("training-data/fixed.csv", "fixed.csv", "")]
    [InlineData("training-data/fixed.csv", "other.csv", null)]
    [InlineData("training-data", "anything/at.all", "")]
    public void Match_NameAgainstPattern_GivesParametersOrNull(string pattern, string name, string? expected)
    {
        var values = BlobPattern.Parse(pattern).Match(name);

        Assert.Equal(expected, values is null ? null : string.Join(' ', values.Select(value => $"{value.Key}={value.Value}")));
    }

    [Theory]
    [InlineData("training-data/{name}", "")]
    [InlineData("training-data/in/{model}/{file}", "in/")]
    [InlineData("training-data/fixed.csv", "fixed.csv")]
    [InlineData("training-data", "")]
    public void Prefix_Pattern_IsWhatEveryMatchBeginsWith(string pattern, string expected) => Assert.Equal(expected, BlobPattern.Parse(pattern).Prefix);

    [Theory]
    [InlineData("ab/{name}", "3 to 63 lower-case letters")]
    [InlineData("Training/{name}", "3 to 63 lower-case letters")]
    [InlineData("a--b/{name}", "3 to 63 lower-case letters")]
    [InlineData("{container}/{name}", "not a container's name")]
    [InlineData("training-data/", "names no blob after the slash")]
    [InlineData("training-data/{name", "single brace")]
    [InlineData("training-data/{}", "expected a name of letters")]
    [InlineData("training-data/{a b}", "expected a name of letters")]
    [InlineData("training-data/{name}/{name}", "twice")]
    public void Parse_WrongPath_SaysWhatWasExpected(string path, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => BlobPattern.Parse(path)).Message, StringComparison.Ordinal);
}
