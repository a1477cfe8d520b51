using System.Collections.Immutable;
using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>The context that an orchestrator's code sees.</summary>
internal sealed class OrchestrationContext(OrchestrationExecution execution, ExecutionStarted started) : TaskOrchestrationContext
{
    private readonly EntityFeature _entities = new(execution);
    private int _guids;

    public override TaskName Name => started.Name;

    public override string InstanceId => execution.InstanceId;

    public override ParentOrchestrationInstance? Parent { get; } =
        started.ParentInstanceId is null ? null : new ParentOrchestrationInstance(started.ParentName ?? string.Empty, started.ParentInstanceId);

    public override DateTime CurrentUtcDateTime => execution.Clock;

    public override bool IsReplaying => execution.IsReplaying;

    public override string Version => started.Version;

    public override TaskOrchestrationEntityFeature Entities => _entities;

    public override IReadOnlyDictionary<string, object?> Properties => execution.Properties;

    protected override ILoggerFactory LoggerFactory => execution.Loggers;

    public override T? GetInput<T>()
        where T : default => execution.Converter.Deserialize<T>(started.Input);

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        ThrowIfOptionsAreInput(input, options);
        var data = execution.Converter.Serialize(input);
        var result = await Retries.RunAsync(
            this, options?.Retry, () => execution.Schedule(id => new ActivityScheduled(id, name.Name, Kept(options?.Tags)), name.Name, data));
        return execution.Converter.Deserialize<TResult>(result)!;
    }

    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        ThrowIfOptionsAreInput(input, options);
        _entities.ThrowIfInCriticalSection($"call the sub-orchestration '{orchestratorName.Name}'");
        var instanceId = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        InstanceIds.ThrowIfInvalid(instanceId, nameof(options));
        var data = execution.Converter.Serialize(input);
        var version = options?.Version?.Version ?? execution.DefaultVersion;
        var tags = Merge(started.Tags, options?.Tags);
        var result = await Retries.RunAsync(this, options?.Retry, () => execution.Schedule(
            id => new ChildScheduled(id, orchestratorName.Name, instanceId), orchestratorName.Name, data, version, tags));
        return execution.Converter.Deserialize<TResult>(result)!;
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        execution.ThrowIfOutside();
        return execution.CreateTimer(fireAt.ToUniversalTime(), cancellationToken);
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        execution.ThrowIfOutside();
        return execution.Events.Wait<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        execution.Send(id => new EventSent(id, instanceId, eventName), execution.Converter.Serialize(payload));
    }

    public override void SetCustomStatus(object? customStatus) => execution.SetCustomStatus(execution.Converter.Serialize(customStatus));

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        execution.ContinueAsNew(options);
    }

    public override Guid NewGuid()
    {
        execution.ThrowIfOutside();
        return DeterministicGuid.Create(string.Create(CultureInfo.InvariantCulture, $"{InstanceId}_{started.Execution}_{CurrentUtcDateTime:o}_{_guids++}"));
    }

    /// <summary>A sub-orchestration has its parent's tags, unless it is given others of the same names.</summary>
    private static IReadOnlyDictionary<string, string>? Merge(IReadOnlyDictionary<string, string>? inherited, IDictionary<string, string>? given) =>
        inherited is null ? Kept(given) : given is null ? inherited : inherited.ToImmutableDictionary().SetItems(given);

    private static ImmutableDictionary<string, string>? Kept(IDictionary<string, string>? tags) => tags is { Count: > 0 } ? tags.ToImmutableDictionary() : null;

    private static void ThrowIfOptionsAreInput(object? input, TaskOptions? options)
    {
        if (input is TaskOptions && options is null)
            throw new ArgumentException("TaskOptions were given as the input. Pass them as the options: CallActivityAsync(name, options: …).", nameof(input));
    }
}
