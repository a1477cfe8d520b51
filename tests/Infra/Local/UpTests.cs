using System.Diagnostics;
using System.Net;
using Serverless.Local;
using Serverless.Local.Instances;
using Serverless.Tests.Infra.Scripts;

namespace Serverless.Tests.Infra.Local;

/// <summary>./dev up as a process of its own, with the real Azurite and the real app.</summary>
public sealed class UpTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly string Console = typeof(Checkout).Assembly.Location;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Up_UntilSigterm_ServesAndThenStopsAll()
    {
        using var home = new TemporaryFolder();
        await using var up = Start(home);
        var instance = await UntilUpAsync(up, home);
        using (var http = new HttpClient())
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(instance.AppUrl, "health/ready"), Cancelled)).StatusCode);

        var second = await RunAsync(home, "up");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"kill {up.Id}", second.Errors, StringComparison.Ordinal);

        await File.WriteAllTextAsync(home.At("notes.txt"), "some text", Cancelled);
        Assert.Equal(0, (await RunAsync(home, "drop", home.At("notes.txt"), "scratch/a/")).ExitCode);
        Assert.Equal(0, (await RunAsync(home, "get", "scratch/a/notes.txt", home.At("fetched.txt"))).ExitCode);
        Assert.Equal("some text", await File.ReadAllTextAsync(home.At("fetched.txt"), Cancelled));
        var missing = await RunAsync(home, "get", "scratch/none.txt");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("There are: a/notes.txt", missing.Errors, StringComparison.Ordinal);

        var children = Proc.ChildrenOf(up.Id);
        Assert.Equal(2, children.Count);
        up.Terminate();
        await up.Exited.WaitAsync(Deadline, Cancelled);
        Assert.Contains("exit code 0", up.DescribeExit(), StringComparison.Ordinal);
        Assert.DoesNotContain(children, Proc.Exists);
        Assert.Null(await RunningInstance.FindAsync(home.Path, Cancelled));
        Assert.False(File.Exists(home.At("instance.json")));
    }

    [Fact]
    public async Task Up_WhenKilled_LeavesNothingRunningAndLosesNoFile()
    {
        using var home = new TemporaryFolder();
        await using var up = Start(home);
        await UntilUpAsync(up, home);
        await File.WriteAllTextAsync(home.At("notes.txt"), "some text", Cancelled);
        Assert.Equal(0, (await RunAsync(home, "drop", home.At("notes.txt"), "scratch/a/")).ExitCode);
        var children = Proc.ChildrenOf(up.Id);
        Assert.Equal(2, children.Count);
        await up.KillAsync();
        await Poll.UntilTrueAsync(_ => Task.FromResult(!children.Any(Proc.Exists)), "what it started to end", Deadline, Cancelled);
        Assert.Null(await RunningInstance.FindAsync(home.Path, Cancelled));

        await using var again = Start(home);
        await UntilUpAsync(again, home);
        Assert.Equal(0, (await RunAsync(home, "get", "scratch/a/notes.txt", home.At("fetched.txt"))).ExitCode);
        Assert.Equal("some text", await File.ReadAllTextAsync(home.At("fetched.txt"), Cancelled));
        again.Terminate();
        await again.Exited.WaitAsync(Deadline, Cancelled);
    }

    [Fact]
    public async Task Up_WhenAzuriteDies_SaysSoAndStopsTheApp()
    {
        using var home = new TemporaryFolder();
        await using var up = Start(home);
        await UntilUpAsync(up, home);
        var children = Proc.ChildrenOf(up.Id);
        using (var azurite = children.Select(Process.GetProcessById).Single(child => child.ProcessName == "node"))
            azurite.Kill();
        await up.Exited.WaitAsync(Deadline, Cancelled);
        Assert.Contains("exit code 1", up.DescribeExit(), StringComparison.Ordinal);
        Assert.Contains("Azurite ended with exit code 137", up.ReadLog(), StringComparison.Ordinal);
        Assert.DoesNotContain(children, Proc.Exists);
    }

    private static ChildProcess Start(TemporaryFolder home) => ChildProcess.Start(new ChildCommand
    {
        Name = "./dev up",
        FileName = "dotnet",
        Arguments = [Console, "up"],
        WorkingDirectory = home.Path,
        LogFile = home.At("up.log"),
        Environment = EnvironmentOf(home),
    });

    private static Task<ScriptOutcome> RunAsync(TemporaryFolder home, params string[] arguments) =>
        Script.RunAsync("dotnet", [Console, .. arguments], home.Path, EnvironmentOf(home));

    private static Dictionary<string, string> EnvironmentOf(TemporaryFolder home) => new() { ["SERVERLESS_LOCAL"] = home.Path };

    private static Task<RunningInstance> UntilUpAsync(ChildProcess up, TemporaryFolder home) => Poll.UntilAsync(
        token =>
        {
            Assert.False(up.Exited.IsCompleted, up.Exited.IsCompleted ? up.DescribeExit() : "");
            return RunningInstance.FindAsync(home.Path, token);
        },
        "./dev up to be up", Deadline, Cancelled);
}
