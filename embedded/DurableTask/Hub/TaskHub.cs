using System.ComponentModel.DataAnnotations;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.DurableTask;

/// <summary>One task hub: one SQLite file, one process.</summary>
public sealed class TaskHub : IAsyncDisposable
{
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Func<ActivityWorkItem, CancellationToken, Task<object?>>> _activities = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Func<EntityWorkItem, CancellationToken, Task>> _entities = new(StringComparer.OrdinalIgnoreCase);
    private readonly TaskHubOptions _options;
    private readonly DataConverter _converter;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private HubRuntime? _runtime;

    /// <exception cref="ValidationException">A setting is out of its range.</exception>
    public TaskHub(TaskHubOptions options, DataConverter converter, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        (_options, _converter, _time, _loggers) = (options, converter, time, loggers);
    }

    /// <summary>The client of this hub; usable once the hub is started.</summary>
    public DurableTaskClient Client => Runtime.Client;

    private HubRuntime Runtime => _runtime ?? throw new InvalidOperationException("The task hub is not started. Call StartAsync first.");

    /// <summary>Registers an orchestrator, before the hub is started. Names are compared without regard to case.</summary>
    /// <remarks>
    /// Besides the context's tasks the function awaits nothing that is not complete already: no I/O, no delay, no <c>ConfigureAwait(false)</c>.
    /// It may be given up at any await, without its <c>finally</c> blocks being run, and be replayed from its beginning later.
    /// </remarks>
    public void AddOrchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> run)
    {
        ThrowIfStarted();
        _orchestrators.Add(name, run);
    }

    /// <summary>Registers an activity, before the hub is started. The result is serialised by the hub's converter.</summary>
    /// <remarks>
    /// It runs at least once for each call, so it must be idempotent. Its token fires when the hub gives it up; it then runs again after the next start.
    /// </remarks>
    public void AddActivity(string name, Func<ActivityWorkItem, CancellationToken, Task<object?>> run)
    {
        ThrowIfStarted();
        _activities.Add(name, run);
    }

    /// <summary>Registers a kind of entity, before the hub is started. The function calls <see cref="EntityWorkItem.RunAsync"/>.</summary>
    /// <remarks>
    /// It runs at least once for each operation; what the operations do by way of their context and state takes effect exactly once. Its token
    /// fires when the hub gives it up; it then runs again after the next start.
    /// </remarks>
    public void AddEntity(string name, Func<EntityWorkItem, CancellationToken, Task> run)
    {
        ThrowIfStarted();
        _entities.Add(name, run);
    }

    /// <summary>Opens the store, creating it when missing, and goes on with what is pending.</summary>
    /// <exception cref="InvalidOperationException">Another process has the file open, or another version wrote it.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ThrowIfStarted();
        var runtime = await HubRuntime.OpenAsync(_options, _orchestrators, _activities, _entities, _converter, _time, _loggers, cancellationToken);
        try
        {
            var activities = runtime.Gather();

            // Not before: what a client stored meanwhile would be gathered too, and so be taken twice.
            _runtime = runtime;
            runtime.Run(activities);
        }
        catch when (_runtime is null)
        {
            await runtime.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no more work and finishes what is in hand, or gives it up, to be run again later, when the token fires.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => Runtime.DrainAsync(cancellationToken);

    /// <summary>The present execution's history, to be replayed against later code; null when there is no such instance.</summary>
    public Task<HistoryRecording?> ExportHistoryAsync(string instanceId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Runtime.Export(instanceId));
    }

    public ValueTask DisposeAsync() => _runtime?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Whether an orchestration, an activity or an entity has something to do by the time it is now.</summary>
    internal bool HasWork => Runtime.HasWork;

    /// <summary>What that is, each in a few words.</summary>
    internal IEnumerable<string> Work => Runtime.Work;

    /// <summary>When an orchestration or an entity goes on by the clock alone, later than now; null when none waits for the clock.</summary>
    internal DateTimeOffset? NextDue => Runtime.NextDue;

    internal ValueTask AbortAsync() => Runtime.AbortAsync();

    private void ThrowIfStarted()
    {
        if (_runtime is not null)
            throw new InvalidOperationException("The task hub is started already. Register orchestrators and activities before, and start it once.");
    }
}
