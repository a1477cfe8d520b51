
namespace Serverless.Tests.Infra.Local;

public sealed class ChildProcessTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StopAsync_OfAProcessThatObeys_LetsItEndByItself()
    {
        using var folder = new TemporaryFolder();
        await using var child = Start(folder, "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
        await UntilItSaysAsync(child, "ready");
        await child.StopAsync(Deadline, Cancelled);
        Assert.Contains("bye", child.ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StopAsync_OfAProcessThatDoesNot_KillsIt()
    {
        using var folder = new TemporaryFolder();
        await using var child = Start(folder, "trap '' TERM; echo ready; while :; do sleep 0.05; done");
        await UntilItSaysAsync(child, "ready");
        await child.StopAsync(TimeSpan.FromMilliseconds(200), Cancelled);
        Assert.True(child.Exited.IsCompletedSuccessfully);
        Assert.Contains("exit code 137", child.DescribeExit(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadLog_OfASecondProcessOnTheSameFile_ShowsOnlyItsOwn()
    {
        using var folder = new TemporaryFolder();
        await using (var first = Start(folder, "echo first"))
            await first.Exited.WaitAsync(Deadline, Cancelled);
        await using var second = Start(folder, "echo second");
        await second.Exited.WaitAsync(Deadline, Cancelled);
        Assert.Equal("second\n", second.ReadLog());
        Assert.Equal("first\nsecond\n", await File.ReadAllTextAsync(folder.At("log"), Cancelled));
    }

    [Fact]
    public async Task Start_OfAChild_PutsItInASessionOfItsOwn()
    {
        using var folder = new TemporaryFolder();
        await using var child = Start(folder, "echo ready; exec sleep 60");
        await UntilItSaysAsync(child, "ready");
        Assert.Equal(child.Id, Proc.SessionOf(child.Id));
    }

    [Fact]
    public async Task Start_WithVariablesThatNoShellCouldName_HandsThemOn()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string> { ["AzureWebJobs.Some.Disabled"] = "a b=c", ["Plain_1"] = "d" };
        await using var child = Start(folder, "exec /usr/bin/env", settings);
        await child.Exited.WaitAsync(Deadline, Cancelled);
        Assert.Subset(child.ReadLog().Split('\n').ToHashSet(), new HashSet<string> { "AzureWebJobs.Some.Disabled=a b=c", "Plain_1=d" });
    }

    private static ChildProcess Start(TemporaryFolder folder, string script, IReadOnlyDictionary<string, string>? environment = null) => ChildProcess.Start(new ChildCommand
    {
        Environment = environment ?? new Dictionary<string, string>(),
        Name = "The child",
        FileName = "bash",
        Arguments = ["-c", script],
        WorkingDirectory = folder.Path,
        LogFile = folder.At("log"),
    });

    private static Task UntilItSaysAsync(ChildProcess child, string text) => Poll.UntilTrueAsync(
        _ => Task.FromResult(child.ReadLog().Contains(text, StringComparison.Ordinal)), $"the child to say '{text}'", Deadline, Cancelled);
}
