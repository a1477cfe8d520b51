using System.Text.RegularExpressions;
using Serverless.Local;
using Serverless.Tests.Infra.House;
using Serverless.Tests.Infra.Scripts;

namespace Serverless.Tests.Infra.Packages;

/// <summary>The packages serve an app outside the repository.</summary>
public sealed partial class PackageTests(ITestOutputHelper output)
{
    private const string Version = "0.1.0";

    private static readonly string[] Packed = ["DurableTask", "FunctionsWorker", "Processes", "Testing"];

    [Fact]
    public async Task Packages_InAFolderFeed_BuildAnAppAndRunTheReadmesTestOfIt()
    {
        using var folder = new TemporaryFolder();
        await DotnetAsync(folder, [], "pack", Tree.At("Serverless.sln"), "--no-build", "-c", "Release", "--nologo", "-v", "q", "-o", folder.At("feed"));
        Assert.Equal(Packed.Select(name => $"Serverless.Embedded.{name}.{Version}.nupkg"), Directory.GetFiles(folder.At("feed")).Select(Path.GetFileName).Order());
        Write(folder);

        var tested = await DotnetAsync(
            folder,
            new() { ["NUGET_PACKAGES"] = folder.At("packages"), ["AZURITE_SCRIPT"] = new Checkout(Tree.Root).AzuriteScript },
            "test", folder.At("Tests"), "--nologo", "-p:UseSharedCompilation=false");

        Assert.Matches(@"Passed:\s+1\b", tested.Output);
    }

    private static void Write(TemporaryFolder folder)
    {
        // On top of the machine's own sources. Packages that it has already are taken from there, and nothing is left among them.
        Put("NuGet.config", $"""
            <configuration>
              <packageSources><add key="packed" value="{folder.At("feed")}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{MachinePackages}" /></fallbackPackageFolders>
            </configuration>
            """);
        // A package that not every mirror carries; the SDK ships the same assembly.
        Put("Directory.Build.props", """
            <Project>
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization><NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PrunePackageReference Include="System.IO.Hashing" Version="99.0.0" />
                <Reference Include="System.IO.Hashing" HintPath="$(MSBuildExtensionsPath)/Sdks/Microsoft.NET.Sdk/tools/net10.0/System.IO.Hashing.dll" />
              </ItemGroup>
            </Project>
            """);
        Put("App/App.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>
              <ItemGroup><PackageReference Include="Serverless.Embedded.FunctionsWorker" Version="{Version}" /></ItemGroup>
            </Project>
            """);
        Put("App/Program.cs", ScratchApp.Program);
        Put("App/Orders.cs", ScratchApp.Functions);
        Put("Tests/Tests.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../App/App.csproj" />
                <PackageReference Include="Serverless.Embedded.Testing" Version="{Version}" />
                {Reference("Microsoft.NET.Test.Sdk")}{Reference("xunit.v3")}{Reference("xunit.runner.visualstudio")}
                <Using Include="Xunit" /><Using Include="Serverless.Embedded.Testing" /><Using Include="Microsoft.Extensions.DependencyInjection" />
              </ItemGroup>
            </Project>
            """);
        Put("Tests/OrderTests.cs", Example().Match(File.ReadAllText(Tree.At("README.md"))).Groups["code"].Value);

        void Put(string name, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.At(name))!);
            File.WriteAllText(folder.At(name), text);
        }
    }

    private static string MachinePackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
        ? set
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string Reference(string package) =>
        $"<PackageReference Include=\"{package}\" Version=\"{Tree.Xml("Directory.Packages.props").Descendants("PackageVersion").First(version => (string?)version.Attribute("Include") == package).Attribute("Version")!.Value}\" />";

    private async Task<ScriptOutcome> DotnetAsync(TemporaryFolder folder, Dictionary<string, string> environment, params string[] arguments)
    {
        environment["MSBUILDDISABLENODEREUSE"] = "1";
        environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        environment["DOTNET_NOLOGO"] = "1";
        var outcome = await Script.RunAsync("dotnet", arguments, folder.Path, environment);
        output.WriteLine(outcome.Output + outcome.Errors);
        Assert.Equal(0, outcome.ExitCode);
        return outcome;
    }

    [GeneratedRegex("## Testing an app.*?```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
