using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class FailureTests
{
    [Fact]
    public async Task Orchestrator_Throws_FailsWithItsDetails()
    {
        await using var hub = await new TestHub()
            .Orchestrator<int>("throws", _ => throw new InvalidOperationException("outer", new IOException("inner")))
            .StartAsync();

        var instance = await hub.RunAsync("throws");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.Equal(
            ("System.InvalidOperationException", "outer", "System.IO.IOException", "inner"),
            (instance.FailureDetails?.ErrorType, instance.FailureDetails?.ErrorMessage,
                instance.FailureDetails?.InnerFailure?.ErrorType, instance.FailureDetails?.InnerFailure?.ErrorMessage));
        Assert.Contains(nameof(FailureTests), instance.FailureDetails?.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activity_Throws_CanBeCaughtWithItsDetails()
    {
        await using var hub = await new TestHub()
            .Activity<string>("throws", (_, _) => throw new InvalidDataException("bad row", new FormatException("not a number")))
            .Orchestrator("catches", async context =>
            {
                await context.CallActivityAsync<string>("works");
                var failure = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("throws"));
                return $"{failure.TaskName} #{failure.TaskId} {failure.FailureDetails} < {failure.FailureDetails.InnerFailure}";
            })
            .Activity<string?, string>("works", _ => "fine")
            .StartAsync();

        Assert.Equal(
            "throws #1 System.IO.InvalidDataException: bad row < System.FormatException: not a number", await hub.ResultAsync<string>("catches"));
    }

    [Fact]
    public async Task Activity_NotRegistered_FailsWithoutRetries()
    {
        await using var hub = await new TestHub()
            .Activity<string?, string>("known", _ => "")
            .Orchestrator("calls", context => context.CallActivityAsync<string>("unknown", TaskOptions.FromRetryPolicy(new RetryPolicy(10, TimeSpan.FromHours(1)))))
            .StartAsync();

        var failure = (await hub.RunAsync("calls")).FailureDetails?.InnerFailure;

        Assert.Equal("ActivityTaskNotFound", failure?.ErrorType);
        Assert.Contains("'unknown'", failure?.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("known", failure?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orchestrator_NotRegistered_Fails()
    {
        await using var hub = await new TestHub()
            .Orchestrator("calls", context => context.CallSubOrchestratorAsync<string>("unknown"))
            .StartAsync();

        Assert.Equal("OrchestratorTaskNotFound", (await hub.RunAsync("unknown")).FailureDetails?.ErrorType);
        Assert.Equal("OrchestratorTaskNotFound", (await hub.RunAsync("calls")).FailureDetails?.InnerFailure?.ErrorType);
    }

    [Theory]
    [InlineData("activity-output")]
    [InlineData("activity-input")]
    [InlineData("orchestrator-output")]
    [InlineData("custom-status")]
    [InlineData("continue-as-new")]
    public async Task Value_ThatCannotBeSerialised_FailsTheOrchestration(string where)
    {
        await using var hub = await new TestHub()
            .Activity<string?, Endless>("endless", _ => new Endless())
            .Orchestrator<object?>(where, async context =>
            {
                if (where == "activity-output")
                    await context.CallActivityAsync("endless");
                else if (where == "activity-input")
                    await context.CallActivityAsync("endless", new Endless());
                else if (where == "custom-status")
                    context.SetCustomStatus(new Endless());
                else if (where == "continue-as-new")
                    context.ContinueAsNew(new Endless());
                return where == "orchestrator-output" ? new Endless() : null;
            })
            .StartAsync();

        var instance = await hub.RunAsync(where);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.Contains("cycle", instance.FailureDetails?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ActivityResult_OfAnotherType_FailsTheCall()
    {
        await using var hub = await new TestHub()
            .Activity<string?, string>("text", _ => "text")
            .Orchestrator("number", context => context.CallActivityAsync<int>("text"))
            .StartAsync();

        Assert.Equal("System.Text.Json.JsonException", (await hub.RunAsync("number")).FailureDetails?.ErrorType);
    }

    [Fact]
    public async Task Payload_OfManyMegabytesAndAllCharacters_ComesBackUnchanged()
    {
        var text = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{(char)(1 + (i % 0xD7FE))}\"\\\n😀<>&'"));
        await using var hub = await new TestHub()
            .Activity<string, string>("echo", value => value)
            .Orchestrator("echo", async context =>
                await context.CallActivityAsync<string>("echo", await context.CallActivityAsync<string>("echo", context.GetInput<string>())))
            .StartAsync();

        Assert.True(text == await hub.ResultAsync<string>("echo", text));
    }

    [Fact]
    public async Task OneOrchestrator_FailingForEver_LeavesTheOthersAlone()
    {
        await using var hub = await new TestHub { MaxConcurrentActivities = 2 }
            .Activity<int, int>("maybe", value => value % 2 == 0 ? value : throw new IOException("odd"))
            .Orchestrator("many", async context =>
            {
                var calls = Enumerable.Range(0, 100).Select(i => context.CallActivityAsync<int>("maybe", i)).ToList();
                await Assert.ThrowsAsync<TaskFailedException>(() => Task.WhenAll(calls));
                return calls.Count(call => call.IsCompletedSuccessfully);
            })
            .StartAsync();

        Assert.Equal(50, await hub.ResultAsync<int>("many"));
    }

    [Fact]
    public async Task Failure_CausesDeeperThanJsonNests_EndsTheInstanceWithTheUpperOnes()
    {
        await using var hub = await new TestHub()
            .Activity<int, int>("wrap", int (_) => throw Enumerable.Range(0, 100).Aggregate(
                new InvalidOperationException("root"), (cause, depth) => new InvalidOperationException($"level {depth}", cause)))
            .Orchestrator("activity", context => context.CallActivityAsync<int>("wrap", 1))
            .Orchestrator("nested", async context => context.GetInput<int>() == 0
                ? throw new InvalidOperationException("root")
                : await context.CallSubOrchestratorAsync<int>("nested", context.GetInput<int>() - 1))
            .StartAsync();

        Assert.Equal("level 99", (await hub.RunAsync("activity")).FailureDetails?.InnerFailure?.ErrorMessage);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await hub.RunAsync("nested", 70)).RuntimeStatus);
    }

    [Fact]
    public void TaskFailureDetails_IsCausedBy_KnowsBaseTypesAndOtherAssemblies()
    {
        var details = TaskFailureDetails.FromException(new OwnException());

        Assert.True(details.IsCausedBy<OwnException>());
        Assert.True(details.IsCausedBy<IOException>());
        Assert.True(details.IsCausedBy<Exception>());
        Assert.False(details.IsCausedBy<FormatException>());
        Assert.False(new TaskFailureDetails("Not.A.Type", "", null, null, null).IsCausedBy<Exception>());
        Assert.Throws<ArgumentException>(() => details.IsCausedBy(typeof(string)));
    }

    public sealed class Endless
    {
        public Endless Self => this;
    }

    private sealed class OwnException : IOException;
}
