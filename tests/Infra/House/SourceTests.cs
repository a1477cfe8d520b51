namespace Serverless.Tests.Infra.House;

public sealed class SourceTests
{
    [Theory]
    [InlineData("#if")]
    [InlineData("Serverless.Embedded")]
    public void Sources_OfFunctionsAndOrchestrations_DoNotKnowTheHost(string forbidden)
    {
        var sources = Tree.Files("*.cs", "functions", "orchestrations");
        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.DoesNotContain(forbidden, File.ReadAllText(Tree.At(source)), StringComparison.Ordinal));
    }

    [Fact]
    public void Sources_Everywhere_AreShortEnoughToRead()
    {
        const int longest = 400;
        Assert.All(Tree.Files("*.cs"), source =>
        {
            var lines = File.ReadLines(Tree.At(source)).Count();
            Assert.True(lines <= longest, $"{source} has {lines} lines; more than {longest} are a sign to split it.");
        });
    }
}
