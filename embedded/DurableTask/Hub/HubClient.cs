using System.Collections.Immutable;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Serverless.Embedded.DurableTask.History;
using Serverless.Embedded.DurableTask.Store;
using Core = DurableTask.Core.History;

namespace Serverless.Embedded.DurableTask;

/// <summary>The client of a hub in the same process.</summary>
internal sealed class HubClient(
    TaskHubOptions hub, StoreReader reader, StoreWriter writer, InstanceWaiters waiters, Rewinder rewinder, DataConverter converter, TimeProvider time)
    : DurableTaskClient(hub.Name)
{
    private const int PurgeBatch = 100;

    private static readonly IReadOnlySet<OrchestrationRuntimeStatus> Unfinished = new HashSet<OrchestrationRuntimeStatus>
    {
        OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended,
    };

    public override DurableEntityClient Entities { get; } = new HubEntityClient(hub.Name, reader, writer, converter, time);

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        var instanceId = string.IsNullOrEmpty(options?.InstanceId) ? Guid.NewGuid().ToString("N") : options.InstanceId;
        InstanceIds.ThrowIfInvalid(instanceId, nameof(options));
        var tags = options is { Tags.Count: > 0 } ? options.Tags.ToImmutableDictionary() : null;
        return StartAsync(
            instanceId,
            new ExecutionStarted(orchestratorName.Name, options?.Version?.Version ?? hub.DefaultVersion, converter.Serialize(input), 1, Tags: tags),
            options?.StartAt?.UtcDateTime, ParseDedupeStatuses(options?.DedupeStatuses), cancellation);
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return SendAsync(instanceId, new EventRaised(eventName, converter.Serialize(eventPayload)), cancellation);
    }

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionTerminated(converter.Serialize(options?.Output), options?.Recursive ?? false), cancellation);

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionSuspended(reason), cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionResumed(reason), cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, static status => status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, InstanceRow.IsEnd, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(reader.GetInstance(instanceId, getInputsAndOutputs));
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        var query = filter ?? new OrchestrationQuery();
        if (query.TaskHubNames?.ToList() is { Count: > 0 } hubs && !hubs.Contains(Name, StringComparer.OrdinalIgnoreCase))
            return Pageable.Create<OrchestrationMetadata>((_, _) => Task.FromResult(new Page<OrchestrationMetadata>([])));
        return Pageable.Create<OrchestrationMetadata>((continuation, pageSize, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            return Task.FromResult(reader.Query(query, continuation ?? query.ContinuationToken, pageSize ?? query.PageSize));
        });
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return reader.GetRow(instanceId) is { IsFinished: true } row
            ? new PurgeResult(await writer.PurgeAsync(Purge.Of([row.Key], options?.Recursive ?? false), cancellation), true)
            : new PurgeResult(0, true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.Timeout <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(filter), filter.Timeout, "The timeout of a purge must be more than zero; null is no limit.");
        var (began, count) = (time.GetTimestamp(), 0);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var found = reader.FindFinished(filter, PurgeBatch);
            if (found.Count == 0)
                return new PurgeResult(count, true);
            var purge = Purge.Of(found, options?.Recursive ?? false);
            while (!purge.IsDone)
            {
                purge = await writer.WriteAsync(purge.Run, cancellation);
                if (filter.Timeout is { } timeout && time.GetElapsedTime(began) >= timeout)
                    return new PurgeResult(count + purge.Deleted, purge.IsDone && found.Count < PurgeBatch);
            }

            count += purge.Deleted;
        }
    }

    public override async Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (reader.GetInstance(instanceId, true) is not { } instance || reader.GetRow(instanceId) is not { } row)
            throw new ArgumentException($"There is no orchestration with the instance id '{instanceId}' to restart.", nameof(instanceId));
        if (!restartWithNewInstanceId && !row.IsFinished)
        {
            throw new InvalidOperationException(
                $"The orchestration '{instanceId}' is {row.Status} and so cannot be restarted. Wait until it is finished, terminate it, or restart it with a new instance id.");
        }

        var started = new ExecutionStarted(
            instance.Name, row.Version, instance.SerializedInput, 1, Tags: instance.Tags.Count == 0 ? null : instance.Tags);
        return await StartAsync(restartWithNewInstanceId ? Guid.NewGuid().ToString("N") : instanceId, started, null, Unfinished, cancellation);
    }

    public override Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return rewinder.RewindAsync(instanceId, reason, cancellation);
    }

    public override Task<IList<Core.HistoryEvent>> GetOrchestrationHistoryAsync(string instanceId, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return reader.GetRow(instanceId) is { } row
            ? Task.FromResult(CoreHistory.Of(reader.GetHistory(row)))
            : throw new ArgumentException($"There is no orchestration with the instance id '{instanceId}' whose history could be given.", nameof(instanceId));
    }

    public override Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null,
        DateTimeOffset? completedTimeFrom = null,
        DateTimeOffset? completedTimeTo = null,
        int pageSize = OrchestrationQuery.DefaultPageSize,
        string? lastInstanceKey = null,
        CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(reader.ListIds(runtimeStatus, completedTimeFrom, completedTimeTo, pageSize, lastInstanceKey));
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static IReadOnlySet<OrchestrationRuntimeStatus> ParseDedupeStatuses(IReadOnlyList<string>? statuses)
    {
        if (statuses is null)
            return Unfinished;
        var parsed = statuses.Select(status => Enum.TryParse<OrchestrationRuntimeStatus>(status, ignoreCase: true, out var value)
            ? value
            : throw new ArgumentException($"'{status}' in DedupeStatuses is not an orchestration status. Use the names of OrchestrationRuntimeStatus.")).ToHashSet();
        if (parsed.Contains(OrchestrationRuntimeStatus.Terminated) && !parsed.IsSupersetOf(Unfinished))
        {
            throw new ArgumentException(
                "DedupeStatuses has Terminated but not all of Pending, Running and Suspended: an unfinished instance would be terminated first and then stand in the way.");
        }

        return parsed;
    }

    private async Task<string> StartAsync(
        string instanceId, ExecutionStarted started, DateTime? startAt,
        IReadOnlySet<OrchestrationRuntimeStatus> dedupeStatuses, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var now = time.GetUtcNow().UtcDateTime;
            var existing = await writer.WriteAsync(
                transaction => ClientSteps.Create(transaction, instanceId, started, now, startAt > now ? startAt : null, dedupeStatuses), cancellationToken);
            if (existing is null)
                return instanceId;
            if (dedupeStatuses.Contains(existing.Status))
            {
                throw new OrchestrationAlreadyExistsException(
                    $"An orchestration '{existing.Name}' with the instance id '{instanceId}' exists and is {existing.Status}. Use another id, or end that one first.");
            }

            await TerminateInstanceAsync(instanceId, new TerminateInstanceOptions(), cancellationToken);
            await waiters.WaitAsync(instanceId, InstanceRow.IsEnd, () => reader.GetRow(instanceId) is not { IsFinished: false }, cancellationToken);
        }
    }

    private async Task SendAsync(string instanceId, HistoryEvent message, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellationToken.ThrowIfCancellationRequested();
        await writer.WriteAsync(transaction => transaction.SendToInstance(instanceId, message), cancellationToken);
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, Func<OrchestrationRuntimeStatus, bool> isReached, bool withData, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        OrchestrationMetadata? instance = null;
        var wasThere = false;
        await waiters.WaitAsync(
            instanceId,
            isReached,
            () =>
            {
                instance = reader.GetInstance(instanceId, withData);
                wasThere |= instance is not null;
                return instance is null || isReached(instance.RuntimeStatus);
            },
            cancellationToken);
        return instance ?? throw new InvalidOperationException(wasThere
            ? $"The orchestration '{instanceId}' ended and was purged while it was waited for, so how it ended is not known. Purge it after those who wait have seen it."
            : $"There is no orchestration with the instance id '{instanceId}' to wait for.");
    }
}
