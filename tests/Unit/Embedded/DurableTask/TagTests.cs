using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class TagTests
{
    private static readonly StartOrchestrationOptions Options = new("one") { Tags = new Dictionary<string, string> { ["team"] = "risk", ["stage"] = "start" } };

    [Fact]
    public async Task Tags_OfAnInstance_AreShownByEveryQueryAndOutliveContinueAsNewAndRestart()
    {
        await using var hub = await new TestHub()
            .Orchestrator("loop", context =>
            {
                if (context.GetInput<int>() < 2)
                    context.ContinueAsNew(context.GetInput<int>() + 1);
                return Task.FromResult(context.GetInput<int>());
            })
            .StartAsync();
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("loop", 0, Options);
        await hub.RunAsync("loop", 2, "untagged");

        var completed = await hub.CompletionAsync("one");
        await hub.Client.RestartAsync("one");
        var restarted = await hub.CompletionAsync("one");
        var bare = await hub.Client.GetInstanceAsync("one");

        Assert.All([completed, restarted, bare!], instance => Assert.Equal(Options.Tags, instance.Tags));
        Assert.Empty((await hub.Client.GetInstanceAsync("untagged"))!.Tags);
        await foreach (var instance in hub.Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "o")))
            Assert.Equal("risk", instance.Tags["team"]);
    }

    [Fact]
    public async Task Tags_OfTasks_ReachTheHistoryAndSubOrchestrationsWithTheirParents()
    {
        await using var hub = await new TestHub()
            .Activity<string?, int>("work", _ => 1)
            .Orchestrator("child", context => Task.FromResult(context.InstanceId))
            .Orchestrator("parent", async context =>
            {
                await context.CallActivityAsync<int>("work", new TaskOptions(tags: new Dictionary<string, string> { ["kind"] = "light" }));
                await context.CallSubOrchestratorAsync<string>(
                    "child", new SubOrchestrationOptions(new TaskOptions(tags: new Dictionary<string, string> { ["stage"] = "child" }), "c"));
                return await context.CallSubOrchestratorAsync<string>("child", new SubOrchestrationOptions(instanceId: "d"));
            })
            .StartAsync();
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("parent", Options);
        await hub.CompletionAsync("one");

        var (given, inherited) = (await hub.Client.GetInstanceAsync("c"), await hub.Client.GetInstanceAsync("d"));

        Assert.Equal(("risk", "child"), (given!.Tags["team"], given.Tags["stage"]));
        Assert.Equal(Options.Tags, inherited!.Tags);
        Assert.Contains("\"kind\": \"light\"", (await hub.Hub.ExportHistoryAsync("one", CancellationToken.None))!.ToJson());
    }
}
