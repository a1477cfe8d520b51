using Microsoft.DurableTask;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class SubOrchestrationTests
{
    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task CallSubOrchestratorAsync_ManyAtOnce_GivesEachResultAndKnowsItsParent(int maxCached)
    {
        await using var hub = await new TestHub { MaxCachedOrchestrations = maxCached }
            .Orchestrator("child", context => Task.FromResult($"{context.Parent?.Name}/{context.Parent?.InstanceId}/{context.GetInput<int>()}"))
            .Orchestrator("parent", context => Task.WhenAll(Enumerable.Range(0, 30).Select(i => context.CallSubOrchestratorAsync<string>("child", i))))
            .StartAsync();

        var instance = await hub.RunAsync("parent", instanceId: "p");

        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"parent/p/{i}"), instance.ReadOutputAs<string[]>());
    }

    [Fact]
    public async Task CallSubOrchestratorAsync_ChildFails_ThrowsItsFailure()
    {
        await using var hub = await new TestHub()
            .Orchestrator<int>("child", _ => throw new InvalidDataException("no rows", new IOException("disk")))
            .Orchestrator("parent", async context =>
            {
                var failure = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync("child"));
                return new[] { failure.TaskName, failure.FailureDetails.ErrorType, failure.FailureDetails.InnerFailure?.ErrorMessage, failure.Message };
            })
            .StartAsync();

        Assert.Equal(
            ["child", "System.IO.InvalidDataException", "disk", "Task 'child' (#0) failed with an unhandled exception: no rows"],
            await hub.ResultAsync<string[]>("parent") ?? []);
    }

    [Fact]
    public async Task CallSubOrchestratorAsync_IdOfAnUnfinishedInstance_FailsTheCallOnly()
    {
        await using var hub = await new TestHub()
            .Orchestrator("waiting", context => context.WaitForExternalEvent<string>("go"))
            .Orchestrator("parent", async context =>
                (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync("waiting", new SubOrchestrationOptions(instanceId: "taken")))).Message)
            .StartAsync();
        await hub.ScheduleAsync("waiting", instanceId: "taken");
        await hub.Client.WaitForInstanceStartAsync("taken");

        Assert.Contains("'taken'", await hub.ResultAsync<string>("parent"), StringComparison.Ordinal);
        await hub.Client.RaiseEventAsync("taken", "go", "undisturbed");
        Assert.Equal("undisturbed", (await hub.CompletionAsync("taken")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task CallSubOrchestratorAsync_ChildIsTerminated_Throws()
    {
        await using var hub = await new TestHub()
            .Orchestrator("child", context => context.WaitForExternalEvent<string>("never"))
            .Orchestrator("parent", context => context.CallSubOrchestratorAsync<string>("child", new SubOrchestrationOptions(instanceId: "c")))
            .StartAsync();
        var parent = await hub.ScheduleAsync("parent");
        await Poll.UntilTrueAsync(() => hub.Client.GetInstanceAsync("c").Result is not null, () => "The child was not started.");

        await hub.Client.TerminateInstanceAsync("c", (object)"too late");

        var failure = (await hub.CompletionAsync(parent)).FailureDetails?.InnerFailure;
        Assert.Equal("OrchestrationTerminated", failure?.ErrorType);
        Assert.Contains("too late", failure?.ErrorMessage);
    }

    [Fact]
    public async Task CallSubOrchestratorAsync_ParentContinuedAsNewMeanwhile_DropsTheOldResult()
    {
        await using var hub = await new TestHub()
            .Orchestrator("child", context => context.WaitForExternalEvent<string>("finish"))
            .Orchestrator("parent", async context =>
            {
                if (context.GetInput<int>() == 0)
                {
                    _ = context.CallSubOrchestratorAsync<string>("child", new SubOrchestrationOptions(instanceId: "old"));
                    context.ContinueAsNew(1);
                    return "";
                }

                return await context.CallSubOrchestratorAsync<string>("child", new SubOrchestrationOptions(instanceId: "new"));
            })
            .StartAsync();
        var parent = await hub.ScheduleAsync("parent", 0);
        await Poll.UntilTrueAsync(() => hub.Client.GetInstanceAsync("new").Result is not null, () => "The second child was not started.");

        await hub.Client.RaiseEventAsync("old", "finish", "from the old child");
        await hub.CompletionAsync("old");
        await hub.Client.RaiseEventAsync("new", "finish", "from the new child");

        Assert.Equal("from the new child", (await hub.CompletionAsync(parent)).ReadOutputAs<string>());
    }
}
