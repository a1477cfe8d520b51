namespace Serverless.Tests.Unit.Embedded.DurableTask;

[Collection(ProcessMemoryCollection.Name)]
public sealed class RetentionMemoryTests
{
    [Fact]
    public async Task Retention_ManyInstancesPass_LeavesMemoryAndFileAsTheyWere()
    {
        const int Before = 2, Rounds = 8, InRound = 1000;
        await using var hub = await new TestHub { Retention = TimeSpan.FromSeconds(1) }
            .Orchestrator("echo", context => Task.FromResult(context.GetInput<int>()))
            .StartAsync();
        var before = await HeapAfterAsync(hub, Before, InRound);
        var after = await HeapAfterAsync(hub, Rounds, InRound);
        await Poll.UntilTrueAsync(
            () => new FileInfo(hub.DatabasePath).Length < 500_000, () => $"The file has {new FileInfo(hub.DatabasePath).Length} bytes after all is purged.");

        // A kilobyte for each instance would be eight megabytes more.
        Assert.True(after < before + 4_000_000, $"The heap grew from {before} to {after} bytes.");
    }

    /// <summary>The heap in bytes once all of them have run and are purged: how many are kept at a time depends on the machine's speed.</summary>
    private static async Task<long> HeapAfterAsync(TestHub hub, int rounds, int inRound)
    {
        for (var round = 0; round < rounds; round++)
            await Task.WhenAll(Enumerable.Range(0, inRound).Select(i => hub.RunAsync("echo", i)));
        await Poll.UntilTrueAsync(() => Count(hub) == 0, () => $"{Count(hub)} instances are left.");
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static int Count(TestHub hub) => hub.Client.GetAllInstancesAsync().ToBlockingEnumerable().Count();
}
