namespace Serverless.Tests.Unit.Embedded.DurableTask;

[Collection(ProcessMemoryCollection.Name)]
public sealed class RetentionMemoryTests
{
    [Fact]
    public async Task Retention_ManyInstancesPass_LeavesMemoryAndFileAsTheyWere()
    {
        const int Rounds = 10, InRound = 1000;
        await using var hub = await new TestHub { Retention = TimeSpan.FromSeconds(1) }
            .Orchestrator("echo", context => Task.FromResult(context.GetInput<int>()))
            .StartAsync();
        List<long> heap = [];
        for (var round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, InRound).Select(i => hub.RunAsync("echo", i)));
            heap.Add(GC.GetTotalMemory(forceFullCollection: true));
        }

        await Poll.UntilTrueAsync(() => Count(hub) == 0, () => $"{Count(hub)} instances are left.");
        await Poll.UntilTrueAsync(
            () => new FileInfo(hub.DatabasePath).Length < 500_000, () => $"The file has {new FileInfo(hub.DatabasePath).Length} bytes after all is purged.");

        // A kilobyte for each instance would be eight megabytes more.
        Assert.True(heap[^1] < heap[1] + 4_000_000, $"The heap grew: {string.Join(", ", heap)}.");
    }

    private static int Count(TestHub hub) => hub.Client.GetAllInstancesAsync().ToBlockingEnumerable().Count();
}
