using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>A hub on a file of its own, which can be stopped in all ways and opened again.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<Action<TaskHub>> _registrations = [];
    private TaskHub? _hub;

    public string Folder { get; init; } = Directory.CreateTempSubdirectory("task-hub-").FullName;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    public int MaxCachedOrchestrations { get; init; } = 1000;

    public int MaxConcurrentActivities { get; init; } = 20;

    public TimeSpan? Retention { get; init; }

    /// <summary>How long a start waits for another hub on the same file.</summary>
    public TimeSpan HolderPatience { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Changes the options, each time the hub is opened.</summary>
    public Func<TaskHubOptions, TaskHubOptions> Configure { get; init; } = static options => options;

    public string DatabasePath => Path.Combine(Folder, "hub.db");

    public TaskHub Hub => _hub ?? throw new InvalidOperationException("The hub is not started.");

    public DurableTaskClient Client => Hub.Client;

    public TestHub Orchestrator<TResult>(string name, Func<TaskOrchestrationContext, Task<TResult>> run)
    {
        _registrations.Add(hub => hub.AddOrchestrator(name, async context => await run(context)));
        return this;
    }

    public TestHub Activity<TInput, TResult>(string name, Func<TInput, Task<TResult>> run) =>
        Activity(name, (item, _) => run(JsonDataConverter.Default.Deserialize<TInput>(item.SerializedInput)!));

    public TestHub Activity<TInput, TResult>(string name, Func<TInput, TResult> run) => Activity<TInput, TResult>(name, input => Task.FromResult(run(input)));

    public TestHub Activity<TResult>(string name, Func<ActivityWorkItem, CancellationToken, Task<TResult>> run)
    {
        _registrations.Add(hub => hub.AddActivity(name, async (item, cancellationToken) => await run(item, cancellationToken)));
        return this;
    }

    public TestHub Register(Action<TaskHub> register)
    {
        _registrations.Add(register);
        return this;
    }

    /// <summary>An entity made anew for each batch.</summary>
    public TestHub Entity<TEntity>(string name)
        where TEntity : ITaskEntity, new() => Entity(name, () => new TEntity());

    public TestHub Entity(string name, Func<ITaskEntity> create)
    {
        _registrations.Add(hub => hub.AddEntity(name, (work, _) => work.RunAsync(create())));
        return this;
    }

    public async Task<TestHub> StartAsync()
    {
        _hub = Create();
        await _hub.StartAsync(CancellationToken.None);
        return this;
    }

    public TaskHub Create()
    {
        var hub = new TaskHub(
            Configure(new TaskHubOptions
            {
                DatabasePath = DatabasePath,
                MaxCachedOrchestrations = MaxCachedOrchestrations,
                MaxConcurrentActivities = MaxConcurrentActivities,
                Retention = Retention,
                HolderPatience = HolderPatience,
            }),
            JsonDataConverter.Default, Time, Loggers);
        _registrations.ForEach(register => register(hub));
        return hub;
    }

    /// <summary>Stops in good order and opens again.</summary>
    public async Task ReopenAsync()
    {
        await Hub.DisposeAsync();
        await StartAsync();
    }

    /// <summary>Stops as if killed and opens again.</summary>
    public async Task CrashAsync()
    {
        await Hub.AbortAsync();
        await StartAsync();
    }

    public Task<string> ScheduleAsync(string name, object? input = null, string? instanceId = null) =>
        Client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(instanceId), CancellationToken.None);

    public async Task<OrchestrationMetadata> RunAsync(string name, object? input = null, string? instanceId = null) =>
        await CompletionAsync(await ScheduleAsync(name, input, instanceId));

    public async Task<OrchestrationMetadata> CompletionAsync(string instanceId)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await Client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, patience.Token);
    }

    public async Task<TResult?> ResultAsync<TResult>(string name, object? input = null)
    {
        var instance = await RunAsync(name, input);
        Assert.True(instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{instance}: {instance.FailureDetails}\n{instance.FailureDetails?.StackTrace}");
        return instance.ReadOutputAs<TResult>();
    }

    /// <summary>Keeps the hub from writing, as a disk that does not answer would, until it is disposed of.</summary>
    public IDisposable LockStore()
    {
        var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }

    /// <summary>Changes one row of the file between a stop in good order and the next start.</summary>
    public async Task ChangeStoppedAsync(string sql)
    {
        await Hub.DisposeAsync();
        using (var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_hub is not null)
            await _hub.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
