using Microsoft.DurableTask;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>Classes as generated functions call them: by their interfaces, with an input that was read from JSON.</summary>
public sealed class ClassBasedTaskTests
{
    [Fact]
    public async Task RunAsync_InputOfItsType_IsPassedOn() =>
        Assert.Equal(42, await ((ITaskActivity)new Doubling()).RunAsync(new Call(), 21));

    [Fact]
    public async Task RunAsync_NoInputForAValueType_IsItsDefault() =>
        Assert.Equal(0, await ((ITaskActivity)new Doubling()).RunAsync(new Call(), null));

    [Fact]
    public async Task RunAsync_InputOfAnotherType_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => ((ITaskActivity)new Doubling()).RunAsync(new Call(), "21"));

        Assert.Contains("The input is a 'System.String', but the task expects a 'System.Int32'.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OrchestratorClassInAHub_GivesItsOutput()
    {
        ITaskOrchestrator orchestrator = new DoublingTwice();
        await using var hub = await new TestHub()
            .Orchestrator("twice", async context => await orchestrator.RunAsync(context, context.GetInput<int>()))
            .Activity<int, object?>("double", input => ((ITaskActivity)new Doubling()).RunAsync(new Call(), input))
            .StartAsync();

        Assert.Equal(12, await hub.ResultAsync<int>("twice", 3));
        Assert.Equal((typeof(int), typeof(int)), (orchestrator.InputType, orchestrator.OutputType));
    }

    [DurableTask("double")]
    private sealed class Doubling : TaskActivity<int, int>
    {
        public override Task<int> RunAsync(TaskActivityContext context, int input) => Task.FromResult(2 * input);
    }

    [DurableTask("twice")]
    private sealed class DoublingTwice : TaskOrchestrator<int, int>
    {
        public override async Task<int> RunAsync(TaskOrchestrationContext context, int input) =>
            await context.CallActivityAsync<int>("double", await context.CallActivityAsync<int>("double", input));
    }

    private sealed class Call : TaskActivityContext
    {
        public override TaskName Name => "double";

        public override string InstanceId => "instance";
    }
}
