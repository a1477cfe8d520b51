using Serverless.Local;
using Serverless.Local.Instances;
using Serverless.Tests.Infra.House;

namespace Serverless.Tests.Infra.Local;

public sealed class RunningInstanceTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FindAsync_OfOneThatRuns_GivesWhatWasPublished()
    {
        using var home = new TemporaryFolder();
        var published = Instance(ProcessIdentity.Current);
        await published.PublishAsync(home.Path, Cancelled);
        Assert.Equal(published, await RunningInstance.FindAsync(home.Path, Cancelled));
    }

    [Fact]
    public async Task FindAsync_WhenTheProcessIdBelongsToALaterProcess_GivesNone()
    {
        using var home = new TemporaryFolder();
        var current = ProcessIdentity.Current;
        await Instance(current with { StartTicks = current.StartTicks - 1 }).PublishAsync(home.Path, Cancelled);
        Assert.Null(await RunningInstance.FindAsync(home.Path, Cancelled));
    }

    [Fact]
    public async Task FindAsync_WhenTheProcessIsGone_GivesNone()
    {
        using var home = new TemporaryFolder();
        await Instance(new ProcessIdentity(int.MaxValue, 1)).PublishAsync(home.Path, Cancelled);
        Assert.Null(await RunningInstance.FindAsync(home.Path, Cancelled));
    }

    [Fact]
    public async Task FindAsync_WhenNothingWasPublished_GivesNone()
    {
        using var home = new TemporaryFolder();
        Assert.Null(await RunningInstance.FindAsync(home.At("none"), Cancelled));
        await Instance(ProcessIdentity.Current).PublishAsync(home.Path, Cancelled);
        RunningInstance.Withdraw(home.Path);
        Assert.Null(await RunningInstance.FindAsync(home.Path, Cancelled));
    }

    [Fact]
    public async Task FindAsync_WhenTheFileIsDamaged_SaysToDeleteIt()
    {
        using var home = new TemporaryFolder();
        await File.WriteAllTextAsync(home.At("instance.json"), "{", Cancelled);
        var exception = await Assert.ThrowsAsync<CommandException>(() => RunningInstance.FindAsync(home.Path, Cancelled));
        Assert.Contains($"{home.At("instance.json")}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PublishAsync_Always_LetsOnlyTheOwnerRead()
    {
        using var home = new TemporaryFolder();
        await Instance(ProcessIdentity.Current).PublishAsync(home.Path, Cancelled);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(home.At("instance.json")));
        Assert.Equal([home.At("instance.json")], Directory.GetFiles(home.Path));
    }

    [Fact]
    public void InstanceLock_HeldByOne_IsNotGivenToASecond()
    {
        using var home = new TemporaryFolder();
        using (var first = InstanceLock.TryTake(home.Path))
        {
            Assert.NotNull(first);
            Assert.Null(InstanceLock.TryTake(home.Path));
        }
        using var again = InstanceLock.TryTake(home.Path);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task LocalInstance_WhenOneRuns_SaysWhereAndHowToStopIt()
    {
        using var home = new TemporaryFolder();
        using var running = InstanceLock.TryTake(home.Path);
        await Instance(ProcessIdentity.Current).PublishAsync(home.Path, Cancelled);
        var exception = await Assert.ThrowsAsync<CommandException>(() => LocalInstance.StartAsync(
            "up", new Checkout(Tree.Root), new LocalFolders(home.Path, home.Path), () => Assert.Fail("Nothing may be prepared."), Cancelled));
        Assert.Contains("http://127.0.0.1:7071/", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"kill {Environment.ProcessId}", exception.Message, StringComparison.Ordinal);
    }

    private static RunningInstance Instance(ProcessIdentity process) => new()
    {
        Command = "up",
        Process = process,
        AppUrl = new Uri("http://127.0.0.1:7071/"),
        BlobUrl = new Uri("http://127.0.0.1:10000/devstoreaccount1"),
        QueueUrl = new Uri("http://127.0.0.1:10001/devstoreaccount1"),
        TableUrl = new Uri("http://127.0.0.1:10002/devstoreaccount1"),
        ConnectionString = "UseDevelopmentStorage=true",
        LogFolder = "/logs",
    };
}
