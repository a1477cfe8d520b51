using Serverless.Tests.Infra.House;

namespace Serverless.Tests.Infra.Scripts;

/// <summary>How ./dev test counts, in a checkout whose dotnet does nothing but leave the result files it is told to.</summary>
public sealed class DevTestTests
{
    [Fact]
    public async Task Test_WhenAllPass_SumsEveryProject()
    {
        using var checkout = new TemporaryFolder();
        Prepare(checkout, unit: "5 4 4", integration: "3 3 3", endToEnd: "2 2 2", infra: "1 1 1");
        var outcome = await RunAsync(checkout);
        Assert.Equal((0, "10 passed, 0 failed, 1 skipped"), (outcome.ExitCode, outcome.LastLine));
    }

    [Fact]
    public async Task Test_WhenOneFails_GoesOnAndFails()
    {
        using var checkout = new TemporaryFolder();
        Prepare(checkout, unit: "5 5 3", integration: "3 3 3", endToEnd: "2 2 2", infra: "1 1 1");
        var outcome = await RunAsync(checkout);
        Assert.Equal((1, "9 passed, 2 failed, 0 skipped"), (outcome.ExitCode, outcome.LastLine));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("0 0 0", 0)]
    public async Task Test_WhenAProjectRanNothing_Fails(string results, int exitCode)
    {
        using var checkout = new TemporaryFolder();
        Prepare(checkout, unit: results, integration: "3 3 3", endToEnd: "2 2 2", infra: "1 1 1", unitExitCode: exitCode);
        var outcome = await RunAsync(checkout);
        Assert.Equal((1, "6 passed, 1 failed, 0 skipped"), (outcome.ExitCode, outcome.LastLine));
        Assert.Contains("ran no test", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_WhenAProjectBrokeOff_Fails()
    {
        using var checkout = new TemporaryFolder();
        Prepare(checkout, unit: "4 4 4", integration: "3 3 3", endToEnd: "2 2 2", infra: "1 1 1", unitExitCode: 134);
        var outcome = await RunAsync(checkout);
        Assert.Equal((1, "10 passed, 1 failed, 0 skipped"), (outcome.ExitCode, outcome.LastLine));
        Assert.Contains("broke off (exit code 134)", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_OfOneSet_RunsOnlyThat()
    {
        using var checkout = new TemporaryFolder();
        Prepare(checkout, unit: "5 4 4", integration: "3 3 3", endToEnd: "2 2 2", infra: "1 1 1");
        var outcome = await RunAsync(checkout, "e2e");
        Assert.Equal((0, "2 passed, 0 failed, 0 skipped"), (outcome.ExitCode, outcome.LastLine));
    }

    private static Task<ScriptOutcome> RunAsync(TemporaryFolder checkout, params string[] which) =>
        Script.RunAsync(checkout.At("dev"), ["test", .. which], checkout.Path, new Dictionary<string, string>
        {
            ["PATH"] = $"{checkout.At("tools")}:{Environment.GetEnvironmentVariable("PATH")}",
        });

    /// <summary>Results are "total executed passed" of a project's result file; empty for none.</summary>
    private static void Prepare(
        TemporaryFolder checkout, string unit, string integration, string endToEnd, string infra, int unitExitCode = 0)
    {
        File.Copy(Tree.At("dev"), checkout.At("dev"));
        string[] folders = ["platform", "orchestrations", "functions", "embedded", "infra", "tests", "samples", "tools"];
        foreach (var folder in folders)
            Directory.CreateDirectory(checkout.At(folder));
        foreach (var file in new[] { "Directory.Build.props", "host.json", "NuGet.config", "Serverless.sln", ".editorconfig" })
            File.WriteAllText(checkout.At(file), "");
        foreach (var (project, results) in new[] { ("Unit", unit), ("Integration", integration), ("EndToEnd", endToEnd), ("Infra", infra) })
            File.WriteAllText(checkout.At("tests", project), results.Length > 0 ? results + "\n" : "");
        Tool("node", "[[ $1 == --version ]] && echo v20.1.0; exit 0");
        Tool("npm", "exit 0");
        Tool("ldconfig", "echo libxgboost.so.0");
        Tool("dotnet", $$"""
            case "$1" in
              --version) echo 10.0.100 ;;
              build) mkdir -p infra/local/bin/Release/net10.0 && touch infra/local/bin/Release/net10.0/Serverless.Local.dll ;;
              test)
                read -r total executed passed <"$2" || exit 1
                cat >"TestResults/${2##*/}.trx" <<TRX
            <Counters total="$total" executed="$executed" passed="$passed" failed="$((executed - passed))" error="0" notExecuted="0" />
            TRX
                [[ $2 == */Unit ]] && exit {{unitExitCode}}
                [[ $executed -eq $passed ]]
                ;;
            esac
            """);

        void Tool(string name, string script)
        {
            var path = checkout.At("tools", name);
            File.WriteAllText(path, $"#!/usr/bin/env bash\n{script}\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
