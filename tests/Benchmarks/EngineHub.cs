using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Benchmarks;

/// <summary>A task hub on a file, with orchestrators whose activities do nothing, so that what is measured is the engine.</summary>
internal sealed class EngineHub : IAsyncDisposable
{
    /// <summary>Calls as many activities as the input says, one after the other.</summary>
    public const string Sequence = nameof(Sequence);

    /// <summary>Calls as many activities as the input says, all at once.</summary>
    public const string FanOut = nameof(FanOut);

    /// <summary>As <see cref="Sequence"/>, then sets a custom status and waits for an event of that name.</summary>
    public const string SequenceThenEvent = nameof(SequenceThenEvent);

    private const string Nothing = nameof(Nothing);

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private readonly TaskHub hub;

    private EngineHub(TaskHub hub) => this.hub = hub;

    public DurableTaskClient Client => hub.Client;

    public static async Task<EngineHub> StartAsync(
        string database, HubDurability durability, CancellationToken cancellationToken, TimeSpan? retention = null)
    {
        var hub = new TaskHub(
            new TaskHubOptions { DatabasePath = database, Durability = durability, Retention = retention },
            JsonDataConverter.Default, TimeProvider.System, NullLoggerFactory.Instance);
        hub.AddActivity(Nothing, (_, _) => Task.FromResult<object?>(1));
        hub.AddOrchestrator(Sequence, async context => await CallAsync(context, context.GetInput<int>()));
        hub.AddOrchestrator(FanOut, async context =>
            (await Task.WhenAll(Enumerable.Range(0, context.GetInput<int>()).Select(_ => context.CallActivityAsync<int>(Nothing)))).Sum());
        hub.AddOrchestrator(SequenceThenEvent, async context =>
        {
            var sum = await CallAsync(context, context.GetInput<int>());
            context.SetCustomStatus(sum);
            await context.WaitForExternalEvent<bool>(SequenceThenEvent);
            return sum;
        });
        await hub.StartAsync(cancellationToken);
        return new EngineHub(hub);
    }

    /// <summary>Runs an orchestration of so many activities to its end.</summary>
    public async Task RunAsync(string orchestrator, int activities, CancellationToken cancellationToken) =>
        await CompletionAsync(await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, activities, cancellationToken), activities, cancellationToken);

    /// <summary>Runs so many orchestrations side by side.</summary>
    public Task RunAsync(string orchestrator, int orchestrations, int activities, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, orchestrations).Select(_ => RunAsync(orchestrator, activities, cancellationToken)));

    /// <exception cref="BenchmarkFailedException">It ended in another way than with the number of its activities.</exception>
    public async Task CompletionAsync(string instanceId, int activities, CancellationToken cancellationToken)
    {
        var ended = await Client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, cancellationToken).WaitAsync(Deadline, cancellationToken);
        if (ended.RuntimeStatus != OrchestrationRuntimeStatus.Completed || ended.ReadOutputAs<int>() != activities)
        {
            throw new BenchmarkFailedException(
                $"{ended.Name} ended {ended.RuntimeStatus} with {ended.SerializedOutput ?? ended.FailureDetails?.ErrorMessage}; {activities} activities were expected.");
        }
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    private static async Task<int> CallAsync(Microsoft.DurableTask.TaskOrchestrationContext context, int activities)
    {
        var sum = 0;
        for (var i = 0; i < activities; i++)
        {
            sum += await context.CallActivityAsync<int>(Nothing);
        }

        return sum;
    }
}
