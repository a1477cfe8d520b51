using System.Diagnostics;
using Serverless.Embedded.DurableTask;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class StoreLockTests : IDisposable
{
    private const string PathVariable = "STORE_LOCK_TEST_PATH";

    private readonly string _folder = Directory.CreateTempSubdirectory("store-lock-").FullName;

    private string DatabasePath => Path.Combine(_folder, "hub.db");

    [Fact]
    public async Task AcquireAsync_HolderEndsMeanwhile_WaitsForIt()
    {
        var first = await StoreLock.AcquireAsync(DatabasePath, TimeSpan.Zero, CancellationToken.None);

        var second = StoreLock.AcquireAsync(DatabasePath, TestHub.Patience, CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => StoreLock.AcquireAsync(DatabasePath, TimeSpan.Zero, CancellationToken.None));
        Assert.False(second.IsCompleted);
        first.Dispose();

        (await second).Dispose();
    }

    [Fact]
    public async Task AcquireAsync_GivenUpWhileTheOwnerIsWritten_LetsGo()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StoreLock.AcquireAsync(DatabasePath, TimeSpan.Zero, new CancellationToken(canceled: true)));

        (await StoreLock.AcquireAsync(DatabasePath, TimeSpan.Zero, CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task AcquireAsync_HeldByAnotherProcess_NamesItUntilItIsKilled()
    {
        using var process = StartHolder();
        try
        {
            await Poll.UntilTrueAsync(() => process.HasExited || File.Exists(DatabasePath), () => "The other process did not open the hub.");
            Assert.False(process.HasExited, "The other process ended by itself.");
            var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => StoreLock.AcquireAsync(DatabasePath, TimeSpan.Zero, CancellationToken.None));
            Assert.Contains($"held by process {process.Id} (dotnet) on {Environment.MachineName}, started ", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.True(File.Exists(DatabasePath + ".lock"), "The killed process left no lock file behind.");
        (await StoreLock.AcquireAsync(DatabasePath, TestHub.Patience, CancellationToken.None)).Dispose();
    }

    /// <summary>What the killed process runs.</summary>
    [Fact(Explicit = true)]
    [Trait("Role", "child-process")]
    public async Task Holder()
    {
        var path = Environment.GetEnvironmentVariable(PathVariable) ?? throw new InvalidOperationException($"{PathVariable} is not set.");
        using var held = await StoreLock.AcquireAsync(path, TimeSpan.Zero, CancellationToken.None);
        HubDatabase.Open(path, HubDurability.ProcessCrash);
        await Task.Delay(TestHub.Patience);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Process StartHolder() => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { "exec", typeof(StoreLockTests).Assembly.Location, "-explicit", "only", "-method", $"{typeof(StoreLockTests).FullName}.{nameof(Holder)}" },
        Environment = { [PathVariable] = DatabasePath },
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    }) ?? throw new InvalidOperationException("The process did not start.");
}
