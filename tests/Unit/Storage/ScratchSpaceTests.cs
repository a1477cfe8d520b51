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
        }

        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public void Start_BesideFoldersOfOthers_DeletesThoseThatNobodyHoldsAlone()
    {
        using var live = new ScratchSpace();
        var dead = Directory.CreateTempSubdirectory("serverless-scratch-");
        File.WriteAllText(Path.Combine(dead.FullName, ".lock"), "");
        var other = Directory.CreateTempSubdirectory("serverless-scratch-");

        using var scratch = new ScratchSpace();

        Assert.False(Directory.Exists(dead.FullName));
        Assert.True(Directory.Exists(live.Root));
        Assert.True(Directory.Exists(other.FullName));
        other.Delete();
    }
}
