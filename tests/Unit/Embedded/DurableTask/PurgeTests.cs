using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>A purge of many descendants is many steps, and may end after each of them.</summary>
public sealed class PurgeTests
{
    private const int Branches = 3, Leaves = 150, Instances = 1 + Branches + (Branches * Leaves);

    [Fact]
    public async Task PurgeInstanceAsync_InterruptedAmongDescendants_LeavesNoOrphansAndCanBeRepeated()
    {
        await using var hub = await TreeAsync();
        using (hub.LockStore())
        {
            using var cancellation = new CancellationTokenSource();
            var purging = hub.Client.PurgeInstanceAsync("root", new PurgeInstanceOptions(Recursive: true), cancellation.Token);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => purging);
        }

        // What comes after the step in hand is stored: no more of the purge is queued.
        await hub.ScheduleAsync("wait", instanceId: "other");
        await hub.CrashAsync();

        var left = Ids(hub);
        Assert.InRange(left.Count, Instances - 100, Instances - 1);
        Assert.All(left.Where(id => id != "root"), id => Assert.Contains(id[..id.LastIndexOf('-')], left));
        Assert.Equal(left.Count, (await hub.Client.PurgeInstanceAsync("root", new PurgeInstanceOptions(Recursive: true))).PurgedInstanceCount);
        Assert.Empty(Ids(hub));
    }

    [Fact]
    public async Task PurgeAllInstancesAsync_TimeIsUpAmongDescendants_SaysThatItIsNotComplete()
    {
        await using var hub = await TreeAsync();

        var first = await hub.Client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter { Timeout = TimeSpan.FromTicks(1) }, new PurgeInstanceOptions(Recursive: true));
        var rest = await hub.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(), new PurgeInstanceOptions(Recursive: true));

        Assert.Equal((false, true), (first.IsComplete, rest.IsComplete));
        Assert.InRange(first.PurgedInstanceCount, 1, 100);
        Assert.Equal(Instances, first.PurgedInstanceCount + rest.PurgedInstanceCount);
    }

    [Fact]
    public async Task PurgeInstanceAsync_DescendantGoesOn_KeepsThatOneAndWhatIsBelowIt()
    {
        await using var hub = await new TestHub()
            .Orchestrator("fire", async context =>
            {
                _ = context.CallSubOrchestratorAsync("hold", new SubOrchestrationOptions(instanceId: "root-on"));
                await context.CallSubOrchestratorAsync("leaf", new SubOrchestrationOptions(instanceId: "root-done"));
                return true;
            })
            .Orchestrator("hold", async context =>
            {
                await context.CallSubOrchestratorAsync("leaf", new SubOrchestrationOptions(instanceId: "root-on-done"));
                return await context.WaitForExternalEvent<bool>("go");
            })
            .Orchestrator("leaf", _ => Task.FromResult(true))
            .StartAsync();
        await hub.RunAsync("fire", instanceId: "root");
        await Poll.UntilTrueAsync(() => Ids(hub).Contains("root-on-done"), () => "The sub-orchestration did not start.");
        await hub.CompletionAsync("root-on-done");

        await hub.Client.PurgeInstanceAsync("root", new PurgeInstanceOptions(Recursive: true));

        Assert.Equal(["root-on", "root-on-done"], Ids(hub).Order());
    }

    private static List<string> Ids(TestHub hub) =>
        [.. hub.Client.GetAllInstancesAsync().ToBlockingEnumerable().Select(instance => instance.InstanceId).Where(id => id.StartsWith("root", StringComparison.Ordinal))];

    /// <summary>The hub with a finished tree; an instance's id begins with that of its parent.</summary>
    private static async Task<TestHub> TreeAsync()
    {
        var hub = await new TestHub()
            .Orchestrator("wait", context => context.WaitForExternalEvent<bool>("go"))
            .Orchestrator("tree", async context =>
            {
                var widths = context.GetInput<int[]>() ?? [];
                await Task.WhenAll(Enumerable.Range(0, widths.FirstOrDefault()).Select(i => context.CallSubOrchestratorAsync<bool>(
                    "tree", widths[1..], new SubOrchestrationOptions(instanceId: $"{context.InstanceId}-{i}"))));
                return true;
            })
            .StartAsync();
        await hub.RunAsync("tree", new[] { Branches, Leaves }, "root");
        return hub;
    }
}
