using Serverless.Local;
using Serverless.Local.Commands;

namespace Serverless.Tests.Infra.Local;

public sealed class BlobAddressTests
{
    [Theory]
    [InlineData("definitions/credit-risk.yaml", "definitions", "credit-risk.yaml")]
    [InlineData("training-data/credit-risk/2026/a b.csv", "training-data", "credit-risk/2026/a b.csv")]
    public void Parse_OfContainerAndPath_SplitsAtTheFirstSlash(string text, string container, string path)
    {
        var address = BlobAddress.Parse(text);
        Assert.Equal(new BlobAddress(container, path), address);
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("definitions")]
    [InlineData("definitions/")]
    [InlineData("/path")]
    [InlineData("ab/path")]
    [InlineData("Definitions/path")]
    [InlineData("a--b/path")]
    [InlineData("-ab/path")]
    [InlineData("ab-/path")]
    [InlineData("under_score/path")]
    public void Parse_OfWhatStorageWouldRefuse_Refuses(string text) =>
        Assert.Throws<CommandException>(() => BlobAddress.Parse(text));

    [Fact]
    public void Parse_OfTheLongestNames_AcceptsThem()
    {
        var container = new string('a', 63);
        Assert.Equal(container, BlobAddress.Parse($"{container}/{new string('p', 1024)}").Container);
        Assert.Throws<CommandException>(() => BlobAddress.Parse($"{container}a/p"));
        Assert.Throws<CommandException>(() => BlobAddress.Parse($"{container}/{new string('p', 1025)}"));
    }
}
