using Serverless.Tests.Infra.House;

namespace Serverless.Tests.Infra.Scripts;

public sealed class DevCommandTests
{
    [Fact]
    public async Task Help_FromAnotherFolderThroughALink_NamesEveryCommand()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.At("dev"), Tree.At("dev"));
        var outcome = await Script.RunAsync(folder.At("dev"), ["help"], folder.Path);
        Assert.Equal(0, outcome.ExitCode);
        string[] commands = ["setup", "demo", "up", "drop", "get", "test", "bench", "chaos", "format", "help"];
        Assert.All(commands, command => Assert.Contains($"./dev {command}", outcome.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task UnknownCommand_Always_FailsAndShowsHelp()
    {
        var outcome = await Script.RunAsync(Tree.At("dev"), ["nonsense"]);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("There is no command 'nonsense'.", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("./dev setup", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drop", "README.md", "definitions/readme.md", "No instance is running")]
    [InlineData("drop", "no-such-file.csv", "training-data/m/f.csv", "no-such-file.csv was not found")]
    [InlineData("drop", "README.md", "Definitions/readme.md", "cannot be a container's name")]
    [InlineData("drop", "README.md", "definitions", "is not CONTAINER/PATH")]
    [InlineData("get", "definitions/readme.md", "readme.md", "No instance is running")]
    public async Task DropOrGet_ThatCannotWork_SaysWhatToDo(string command, string first, string second, string message)
    {
        Assert.SkipUnless(
            File.Exists(Tree.At("infra", "local", "bin", "Release", "net10.0", "Serverless.Local.dll")), "./dev runs the Release build, which is not there.");
        using var folder = new TemporaryFolder();
        var outcome = await Script.RunAsync(
            Tree.At("dev"), [command, first, second], Tree.Root, new Dictionary<string, string> { ["SERVERLESS_LOCAL"] = folder.Path });
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
    }
}
