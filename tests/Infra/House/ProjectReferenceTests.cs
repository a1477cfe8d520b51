using System.Xml.Linq;

namespace Serverless.Tests.Infra.House;

public sealed class ProjectReferenceTests
{
    private static readonly string[] Switches = ["'$(FunctionsHost)' == 'embedded'", "'$(OnnxRuntimeFrom)' == 'npm'"];

    /// <summary>Knows no functions host, and serves under each.</summary>
    private const string WithoutHost = "Serverless.Embedded.Processes.csproj";

    [Theory]
    [InlineData("platform", new string[0])]
    [InlineData("orchestrations", new[] { "platform" })]
    [InlineData("functions", new[] { "orchestrations" })]
    [InlineData("infra", new[] { "platform" })]
    [InlineData("embedded", new string[0])]
    public void ProjectReferences_OfAPart_FlowOneWay(string part, string[] allowed)
    {
        var projects = Tree.Files("*.csproj", part);
        Assert.NotEmpty(projects);
        foreach (var project in projects)
        {
            var referenced = References(project).Select(reference => PartOf(project, reference)).Where(other => other is not "embedded");
            Assert.All(referenced, other => Assert.True(allowed.Contains(other), $"{project} references {other}; allowed: {string.Join(", ", allowed)}"));
        }
    }

    [Fact]
    public void ProjectReferences_ToEmbedded_StandBehindTheSwitch()
    {
        var outside = Tree.Projects.Where(project => !project.StartsWith("embedded/", StringComparison.Ordinal));
        var references = outside
            .SelectMany(project => References(project).Select(reference => (Project: project, Reference: reference)))
            .Where(pair => PartOf(pair.Project, pair.Reference) == "embedded" && !pair.Reference.Attribute("Include")!.Value.EndsWith(WithoutHost, StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(references);
        Assert.All(references, pair => Assert.True(
            Switches.Contains((string?)pair.Reference.Parent?.Attribute("Condition") ?? (string?)pair.Reference.Attribute("Condition")),
            $"{pair.Project} references {pair.Reference.Attribute("Include")?.Value} under every host; expected one of the conditions {string.Join(" and ", Switches)}."));
    }

    [Fact]
    public void ProjectReferences_BetweenFunctionsAndPlatform_GoThroughOrchestrations() =>
        Assert.Equal(["orchestrations"], References("functions/Serverless.Functions.csproj")
            .Select(reference => PartOf("functions/Serverless.Functions.csproj", reference))
            .Where(part => part != "embedded"));

    private static IEnumerable<XElement> References(string project) => Tree.Xml(project).Descendants("ProjectReference");

    private static string PartOf(string project, XElement reference)
    {
        var target = Path.GetFullPath(Path.Combine(Tree.At(project), "..", reference.Attribute("Include")!.Value));
        Assert.True(File.Exists(target), $"{project} references {target}, which is not there.");
        return Path.GetRelativePath(Tree.Root, target).Split('/')[0];
    }
}
