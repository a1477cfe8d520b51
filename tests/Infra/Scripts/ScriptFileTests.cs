using Serverless.Tests.Infra.House;

namespace Serverless.Tests.Infra.Scripts;

public sealed class ScriptFileTests
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static TheoryData<string> Scripts => ["dev", ".ci/run"];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_InTheTree_IsExecutable(string script) =>
        Assert.Equal(Executable, File.GetUnixFileMode(Tree.At(script)) & Executable);

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_ReadByBash_IsWellFormed(string script)
    {
        var outcome = await Script.RunAsync("bash", ["-n", Tree.At(script)]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_ReadByShellcheck_HasNoFindings(string script)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/shellcheck"), "shellcheck is not installed.");
        var outcome = await Script.RunAsync("/usr/bin/shellcheck", [Tree.At(script)]);
        Assert.True(outcome.ExitCode == 0, outcome.Output);
    }
}
