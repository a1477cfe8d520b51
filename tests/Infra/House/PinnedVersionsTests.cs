using System.Text.Json;
using System.Text.RegularExpressions;

namespace Serverless.Tests.Infra.House;

public sealed partial class PinnedVersionsTests
{
    [Fact]
    public void NuGetVersions_InDirectoryPackages_AreExact()
    {
        var versions = Tree.Xml("Directory.Packages.props").Descendants("PackageVersion").ToList();
        Assert.NotEmpty(versions);
        Assert.All(versions, package => Assert.Matches(ExactVersion(), package.Attribute("Version")?.Value));
    }

    [Fact]
    public void NuGetVersions_InProjects_AreLeftToDirectoryPackages() =>
        Assert.All(Tree.Projects, project =>
        {
            var own = Tree.Xml(project).Descendants("PackageReference")
                .Where(package => package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null)
                .Select(package => package.Attribute("Include")?.Value);
            Assert.True(!own.Any(), $"{project} sets versions of its own: {string.Join(", ", own)}");
        });

    [Fact]
    public void NuGetVersions_OfEveryProject_AreLocked() =>
        Assert.All(Tree.Projects, project => Assert.True(
            File.Exists(Path.Combine(Path.GetDirectoryName(Tree.At(project))!, "packages.lock.json")),
            $"{project} has no packages.lock.json beside it."));

    [Fact]
    public void NpmVersions_InPackageJson_AreExact()
    {
        using var package = Json("package.json");
        Assert.All(package.RootElement.GetProperty("dependencies").EnumerateObject(), entry => Assert.Matches(ExactVersion(), entry.Value.GetString()));
    }

    [Fact]
    public void NpmVersions_InTheLockFile_AreThoseOfPackageJsonWithHashes()
    {
        using var package = Json("package.json");
        using var locked = Json("package-lock.json");
        var packages = locked.RootElement.GetProperty("packages");
        foreach (var wanted in package.RootElement.GetProperty("dependencies").EnumerateObject())
            Assert.Equal(wanted.Value.GetString(), packages.GetProperty($"node_modules/{wanted.Name}").GetProperty("version").GetString());
        foreach (var entry in packages.EnumerateObject().Where(entry => entry.Name.Length > 0))
            Assert.True(entry.Value.TryGetProperty("integrity", out _), $"package-lock.json has no hash for {entry.Name}.");
    }

    private static JsonDocument Json(string file) => JsonDocument.Parse(File.ReadAllText(Tree.At(file)));

    [GeneratedRegex(@"^\d+(\.\d+)+(-[0-9A-Za-z.-]+)?$")]
    private static partial Regex ExactVersion();
}
