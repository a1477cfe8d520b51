using Serverless.Platform.Storage;

namespace Serverless.Tests.Unit.Storage;

public sealed class ScratchSpaceTests
{
    [Fact]
    public void Dispose_AfterUse_LeavesNothing()
    {
        string root;
        using (var scratch = new ScratchSpace())
        {
            root = scratch.Root;
            File.WriteAllText(Path.Combine(scratch.CreateFolder().FullName, "a"), "1");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(root));
        }

        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public void Start_BesideFoldersOfOthers_DeletesThoseOfDeadProcessesAlone()
    {
        // No Linux hands out process ids this large.
        var dead = Directory.CreateTempSubdirectory("serverless-scratch-999999999-");
        var live = Directory.CreateTempSubdirectory($"serverless-scratch-{Environment.ProcessId}-");
        var other = Directory.CreateTempSubdirectory("serverless-scratch-other-");

        using var scratch = new ScratchSpace();

        Assert.False(Directory.Exists(dead.FullName));
        Assert.True(live.Exists && Directory.Exists(live.FullName));
        Assert.True(Directory.Exists(other.FullName));
        live.Delete();
        other.Delete();
    }
}
