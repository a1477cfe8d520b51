using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.DurableTask;

/// <summary>One task hub: one SQLite file, one process.</summary>
public sealed class TaskHub : IAsyncDisposable
{
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Func<ActivityWorkItem, CancellationToken, Task<object?>>> _activities = new(StringComparer.OrdinalIgnoreCase);
    private DurableTaskClient? _client;

    public TaskHub(TaskHubOptions options, DataConverter converter, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(converter);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
    }

    /// <summary>The client of this hub; usable once the hub is started.</summary>
    public DurableTaskClient Client => _client ?? throw new InvalidOperationException("The task hub is not started. Call StartAsync first.");

    /// <summary>Registers an orchestrator, before the hub is started. Names are compared without regard to case.</summary>
    /// <remarks>
    /// Besides the context's tasks the function awaits nothing that is not complete already: no I/O, no delay, no <c>ConfigureAwait(false)</c>.
    /// </remarks>
    public void AddOrchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> run) => _orchestrators.Add(name, run);

    /// <summary>Registers an activity, before the hub is started. The result is serialised by the hub's converter.</summary>
    public void AddActivity(string name, Func<ActivityWorkItem, CancellationToken, Task<object?>> run) => _activities.Add(name, run);

    /// <summary>Opens the store, creating it when missing, and goes on with what is pending.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _client = null;
        return Task.CompletedTask;
    }

    /// <summary>Takes no more work and finishes what is in hand, or gives it up, to be run again later, when the token fires.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => _client is null ? Task.CompletedTask : Task.FromCanceled(cancellationToken);

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? ValueTask.CompletedTask;
}
