using System.Text.RegularExpressions;

namespace Serverless.Tests.Infra.House;

public sealed partial class SolutionTests
{
    [Fact]
    public void Solution_AndTheTree_HoldTheSameProjects()
    {
        var named = ProjectLine().Matches(File.ReadAllText(Tree.At("Serverless.sln")))
            .Select(match => match.Groups["path"].Value.Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
        Assert.Equal(Tree.Projects, named);
    }

    [GeneratedRegex("""^Project\([^)]*\) = "[^"]*", "(?<path>[^"]*\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();
}
