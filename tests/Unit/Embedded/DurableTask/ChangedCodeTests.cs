using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>An orchestrator's code is changed while an instance waits in its midst.</summary>
public sealed class ChangedCodeTests
{
    private static readonly Dictionary<string, (Func<TaskOrchestrationContext, Task> Code, string Expected)> Changes = new()
    {
        ["renamed activity"] = (
            async context =>
            {
                await context.CallActivityAsync("first");
                await context.CallActivityAsync("renamed");
            },
            "step 2 (recorded at 2030-01-01T00:00:00Z): the history has a call of the activity 'second' as task 1, but on replay the code asked for a call of the activity 'renamed'."),
        ["removed last step"] = (
            async context =>
            {
                await context.CallActivityAsync("first");
                await context.CallActivityAsync("second");
                await context.CallSubOrchestratorAsync("child");
            },
            "step 4 (recorded at 2030-01-01T00:00:00Z): the history has a timer as task 3, but on replay the code asked for nothing there."),
        ["removed step"] = (
            async context =>
            {
                await context.CallActivityAsync("first");
                await context.CallSubOrchestratorAsync("child");
            },
            "step 2 (recorded at 2030-01-01T00:00:00Z): the history has a call of the activity 'second' as task 1, but on replay the code asked for a call of the sub-orchestration 'child'."),
        ["inserted step"] = (
            async context =>
            {
                await context.CallActivityAsync("inserted");
                await context.CallActivityAsync("first");
            },
            "step 1 (recorded at 2030-01-01T00:00:00Z): the history has a call of the activity 'first' as task 0, but on replay the code asked for a call of the activity 'inserted'."),
        ["step inserted beside another"] = (
            async context => await Task.WhenAll(context.CallActivityAsync("first"), context.CallActivityAsync("inserted")),
            "step 2 (recorded at 2030-01-01T00:00:00Z): on replay the code asked for a call of the activity 'inserted' as task 1, but its history has nothing there."),
        ["reordered steps"] = (
            async context =>
            {
                await context.CallActivityAsync("second");
                await context.CallActivityAsync("first");
            },
            "step 1 (recorded at 2030-01-01T00:00:00Z): the history has a call of the activity 'first' as task 0, but on replay the code asked for a call of the activity 'second'."),
        ["timer instead of an activity"] = (
            async context =>
            {
                await context.CallActivityAsync("first");
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            },
            "step 2 (recorded at 2030-01-01T00:00:00Z): the history has a call of the activity 'second' as task 1, but on replay the code asked for a timer."),
        ["renamed sub-orchestration"] = (
            async context =>
            {
                await context.CallActivityAsync("first");
                await context.CallActivityAsync("second");
                await context.CallSubOrchestratorAsync("stepchild");
            },
            "step 3 (recorded at 2030-01-01T00:00:00Z): the history has a call of the sub-orchestration 'child' as task 2, but on replay the code asked for a call of the sub-orchestration 'stepchild'."),
        ["further step at the end"] = (
            async context =>
            {
                await StepsAsync(context, TimeSpan.FromHours(1));
                _ = context.CallActivityAsync("further");
            },
            "step 6 (recorded at 2030-01-01T00:00:00Z): on replay the code asked for a call of the activity 'further' as task 5, but its history has nothing there."),
        ["event sent instead of a sub-orchestration"] = (
            async context =>
            {
                await context.CallActivityAsync("first");
                await context.CallActivityAsync("second");
                context.SendEvent("other", "news", 1);
            },
            "step 3 (recorded at 2030-01-01T00:00:00Z): the history has a call of the sub-orchestration 'child' as task 2, but on replay the code asked for an event 'news' to 'other'."),
    };

    private readonly ManualTime _time = new();
    private readonly List<string> _ran = [];
    private Func<TaskOrchestrationContext, Task<string>> _code = Original;

    public static TheoryData<string> Kinds => [.. Changes.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Replay_CodeChangedMeanwhile_FailsNamingTheStepAndRecoversByARewind(string change)
    {
        await using var hub = await StartedAsync();
        var before = await ExportAsync(hub);

        _code = async context =>
        {
            await Changes[change].Code(context);
            return await context.WaitForExternalEvent<string>("go");
        };
        await hub.Client.RaiseEventAsync("one", "go", "on time");
        var failed = await hub.CompletionAsync("one");
        var (ran, after) = (_ran.Count, await ExportAsync(hub));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        Assert.Equal("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", failed.FailureDetails?.ErrorType);
        Assert.Contains($"the orchestrator 'changing' does not repeat the history of its instance 'one' at {Changes[change].Expected}", failed.FailureDetails?.ErrorMessage);

        // Nothing of what the changed code asked for is recorded or done.
        Assert.Equal(Lines(before, "Scheduled", "Created", "eventSent"), Lines(after, "Scheduled", "Created", "eventSent"));
        Assert.DoesNotContain("renamed", _ran);
        Assert.Contains((await Assert.ThrowsAsync<InvalidOperationException>(() => hub.Client.RewindInstanceAsync("one", "too early"))).Message, failed.FailureDetails?.ErrorMessage);

        _code = Original;
        await hub.Client.RewindInstanceAsync("one", "the old code is back");
        await _time.AdvanceToTimerAsync(TimeSpan.FromHours(1));
        var recovered = await hub.CompletionAsync("one");

        Assert.Equal((OrchestrationRuntimeStatus.Completed, "on time"), (recovered.RuntimeStatus, recovered.ReadOutputAs<string>()));
        Assert.Equal(ran, _ran.Count);
        Assert.Equal<string>(["first", "second"], _ran);
    }

    [Fact]
    public async Task Replay_DelayOrTimerLengthChanged_GoesOn()
    {
        await using var hub = await StartedAsync();

        _code = context => RunAsync(context, TimeSpan.FromHours(2));
        await hub.Client.RaiseEventAsync("one", "go", "on time");
        await _time.AdvanceToTimerAsync(TimeSpan.FromHours(1));

        Assert.Equal("on time", (await hub.CompletionAsync("one")).ReadOutputAs<string>());
    }

    private static Task<string> Original(TaskOrchestrationContext context) => RunAsync(context, TimeSpan.FromHours(1));

    private static async Task<string> RunAsync(TaskOrchestrationContext context, TimeSpan delay)
    {
        var timer = await StepsAsync(context, delay);
        var received = await context.WaitForExternalEvent<string>("go");
        await timer;
        return received;
    }

    private static async Task<Task> StepsAsync(TaskOrchestrationContext context, TimeSpan delay)
    {
        await context.CallActivityAsync("first");
        await context.CallActivityAsync("second");
        await context.CallSubOrchestratorAsync("child");
        var timer = context.CreateTimer(delay, CancellationToken.None);
        context.SendEvent("nobody", "news", 1);
        return timer;
    }

    private async Task<TestHub> StartedAsync()
    {
        var hub = await new TestHub { Time = _time, MaxCachedOrchestrations = 0 }
            .Activity("first", (item, _) => Task.FromResult(Note(item)))
            .Activity("second", (item, _) => Task.FromResult(Note(item)))
            .Activity("renamed", (item, _) => Task.FromResult(Note(item)))
            .Orchestrator("child", context => Task.FromResult(1))
            .Orchestrator("changing", context => _code(context))
            .StartAsync();
        await hub.ScheduleAsync("changing", instanceId: "one");
        await Poll.UntilTrueAsync(() => ExportAsync(hub).Result.Contains("eventSent"), () => "The orchestration did not come to its wait.");
        return hub;
    }

    private bool Note(ActivityWorkItem item)
    {
        lock (_ran)
            _ran.Add(item.Name);
        return true;
    }

    private static async Task<string> ExportAsync(TestHub hub) => (await hub.Hub.ExportHistoryAsync("one", CancellationToken.None))?.ToJson() ?? "";

    private static List<string> Lines(string json, params string[] kinds) =>
        [.. json.Split('\n').Where(line => line.Contains("\"event\"") && kinds.Any(kind => line.Contains(kind, StringComparison.Ordinal)))];
}
