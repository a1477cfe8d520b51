using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Chaos.Crashes;

/// <summary>The code of the load. Each run of an activity leaves a line in a journal, by which repetitions are counted.</summary>
internal sealed class LoadFunctions(ActivityJournal journal)
{
    public const string Item = "item";

    /// <summary>The event that ends an orchestration that takes events.</summary>
    public const string Done = "done";

    private const int EventsPerRound = 3;

    public void AddTo(TaskHub hub)
    {
        hub.AddActivity("double", DoubleAsync);
        hub.AddActivity("double-at-second-try", async (item, cancellationToken) =>
            item.TaskId % 2 == 0 ? await DoubleAsync(item, cancellationToken) : throw new IOException("The first try fails."));
        LoadEntities.AddTo(hub);
        hub.AddOrchestrator("sequential", SequentialAsync);
        hub.AddOrchestrator("fan-out", FanOutAsync);
        hub.AddOrchestrator("timers", TimersAsync);
        hub.AddOrchestrator("children", ChildrenAsync);
        hub.AddOrchestrator("continue-as-new", ContinueAsNewAsync);
        hub.AddOrchestrator("retries", RetriesAsync);
        hub.AddOrchestrator("events", EventsAsync);
        hub.AddOrchestrator("events-continue-as-new", EventsInRoundsAsync);
    }

    private async Task<object?> DoubleAsync(ActivityWorkItem item, CancellationToken cancellationToken)
    {
        var value = JsonDataConverter.Default.Deserialize<int>(item.SerializedInput);

        // Some end in the same group commit, some in a later one.
        await Task.Delay(TimeSpan.FromMilliseconds(item.TaskId % 4), TimeProvider.System, cancellationToken);
        journal.Append($"{item.InstanceId} {item.TaskId} {value}");
        return 2 * value;
    }

    private static async Task<object?> SequentialAsync(TaskOrchestrationContext context)
    {
        var sum = 0;
        for (var i = 0; i < context.GetInput<int>(); i++)
            sum += await context.CallActivityAsync<int>("double", i);
        return sum;
    }

    private static async Task<object?> FanOutAsync(TaskOrchestrationContext context) =>
        (await Task.WhenAll(Enumerable.Range(0, context.GetInput<int>()).Select(i => context.CallActivityAsync<int>("double", i)))).Sum();

    private static async Task<object?> TimersAsync(TaskOrchestrationContext context)
    {
        var fired = 0;
        for (; fired < context.GetInput<int>(); fired++)
        {
            using var cancel = new CancellationTokenSource();
            var withdrawn = context.CreateTimer(TimeSpan.FromHours(1), cancel.Token);
            await context.CreateTimer(TimeSpan.FromMilliseconds(5 * (fired % 5)), CancellationToken.None);
            cancel.Cancel();
            if (!withdrawn.IsCanceled)
                throw new InvalidOperationException("A timer that was cancelled is not.");
        }

        return fired;
    }

    private static async Task<object?> ChildrenAsync(TaskOrchestrationContext context) =>
        (await Task.WhenAll(Enumerable.Range(1, context.GetInput<int>()).Select(size => context.CallSubOrchestratorAsync<int>("sequential", size)))).Sum();

    private static async Task<object?> ContinueAsNewAsync(TaskOrchestrationContext context)
    {
        var round = context.GetInput<Round>()!;
        if (round.Left == 0)
            return round.Sum;
        var doubled = await context.CallActivityAsync<int>("double", round.Left - 1);
        context.ContinueAsNew(new Round(round.Left - 1, round.Sum + doubled));
        return null;
    }

    private static async Task<object?> RetriesAsync(TaskOrchestrationContext context)
    {
        var sum = 0;
        for (var i = 0; i < context.GetInput<int>(); i++)
            sum += await context.CallActivityAsync<int>("double-at-second-try", i, TaskOptions.FromRetryHandler(_ => true));
        return sum;
    }

    private static async Task<object?> EventsAsync(TaskOrchestrationContext context)
    {
        List<string> taken = [];
        for (var item = await NextAsync(context); item != Done; item = await NextAsync(context))
            taken.Add(item);
        return taken;
    }

    private static async Task<object?> EventsInRoundsAsync(TaskOrchestrationContext context)
    {
        List<string> taken = [.. context.GetInput<string[]>()!];
        for (var i = 0; i < EventsPerRound; i++)
        {
            if (await NextAsync(context) is var item && item == Done)
                return taken;
            taken.Add(item);
        }

        context.ContinueAsNew(taken);
        return null;
    }

    private static Task<string> NextAsync(TaskOrchestrationContext context) => context.WaitForExternalEvent<string>(Item);
}
