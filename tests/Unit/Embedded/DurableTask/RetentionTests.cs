using Microsoft.DurableTask;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class RetentionTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Retention_InstancesOld_PurgesThoseThatAreFinished()
    {
        await using var hub = await Hub(TimeSpan.FromHours(10)).StartAsync();
        await hub.RunAsync("parent", instanceId: "old");
        var waiting = await hub.ScheduleAsync("wait", instanceId: "waits");
        await hub.Client.WaitForInstanceStartAsync(waiting);

        _time.Advance(TimeSpan.FromHours(9));
        await hub.RunAsync("parent", instanceId: "new");
        _time.Advance(TimeSpan.FromHours(2));

        await Poll.UntilTrueAsync(() => Ids(hub).Count == 3, () => $"Left are {string.Join(", ", Ids(hub))}.");
        Assert.Equal(["new", "new-child", "waits"], Ids(hub));
    }

    [Fact]
    public async Task Retention_ParentGoesOn_KeepsItsSubOrchestration()
    {
        await using var hub = await Hub(TimeSpan.FromHours(10)).StartAsync();
        await hub.ScheduleAsync("waiting-parent", instanceId: "parent");
        await Poll.UntilTrueAsync(() => Ids(hub).Contains("parent-child"), () => "The sub-orchestration did not start.");
        await hub.CompletionAsync("parent-child");
        await hub.RunAsync("echo", 1, "other");

        _time.Advance(TimeSpan.FromHours(11));
        await Poll.UntilTrueAsync(() => !Ids(hub).Contains("other"), () => $"Left are {string.Join(", ", Ids(hub))}.");

        Assert.Equal(["parent", "parent-child"], Ids(hub));
    }

    [Fact]
    public async Task Retention_ParentContinuedAsNew_PurgesSubOrchestrationsOfItsEarlierExecutions()
    {
        await using var hub = await Hub(TimeSpan.FromHours(10)).StartAsync();
        await hub.ScheduleAsync("eternal-parent", 0, "parent");
        for (var i = 0; i < 3; i++)
        {
            var child = $"parent-child-{i}";
            await Poll.UntilTrueAsync(() => Ids(hub).Contains(child), () => $"{child} did not start.");
            await hub.CompletionAsync(child);
            if (i < 2)
                await hub.Client.RaiseEventAsync("parent", "go", true);
        }

        _time.Advance(TimeSpan.FromHours(11));
        await Poll.UntilTrueAsync(() => Ids(hub).Count == 2, () => $"Left are {string.Join(", ", Ids(hub))}.");

        Assert.Equal(["parent", "parent-child-2"], Ids(hub));
    }

    private static List<string> Ids(TestHub hub) => [.. hub.Client.GetAllInstancesAsync().ToBlockingEnumerable().Select(instance => instance.InstanceId).Order()];

    private TestHub Hub(TimeSpan retention) => new TestHub { Time = _time, Retention = retention }
        .Orchestrator("echo", context => Task.FromResult(context.GetInput<int>()))
        .Orchestrator("wait", context => context.WaitForExternalEvent<bool>("go"))
        .Orchestrator("parent", context =>
            context.CallSubOrchestratorAsync<int>("echo", 1, new SubOrchestrationOptions(new TaskOptions(), $"{context.InstanceId}-child")))
        .Orchestrator("eternal-parent", async context =>
        {
            var round = context.GetInput<int>();
            await context.CallSubOrchestratorAsync<int>("echo", round, new SubOrchestrationOptions(new TaskOptions(), $"{context.InstanceId}-child-{round}"));
            var go = await context.WaitForExternalEvent<bool>("go");
            context.ContinueAsNew(round + 1);
            return go;
        })
        .Orchestrator("waiting-parent", async context =>
        {
            await context.CallSubOrchestratorAsync<int>("echo", 1, new SubOrchestrationOptions(new TaskOptions(), $"{context.InstanceId}-child"));
            return await context.WaitForExternalEvent<bool>("go");
        });
}
