using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Microsoft.DurableTask;

/// <summary>How a new orchestration is started.</summary>
public record StartOrchestrationOptions
{
    [SuppressMessage("Style", "IDE1006", Justification = "The parameter names are part of the public API.")]
    public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
    {
        this.InstanceId = InstanceId;
        this.StartAt = StartAt;
    }

    public StartOrchestrationOptions(StartOrchestrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        InstanceId = options.InstanceId;
        StartAt = options.StartAt;
        Tags = options.Tags;
        Version = options.Version;
        DedupeStatuses = options.DedupeStatuses;
    }

    /// <summary>The id of the instance; null means a random one.</summary>
    public string? InstanceId { get; init; }

    /// <summary>When the orchestration starts; null or a time past means at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>What is kept with the instance, its sub-orchestrations and its queries' results.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The version of the instance; null means the host's default version, empty none.</summary>
    public TaskVersion? Version { get; init; }

    /// <summary>
    /// The statuses of an existing instance of the same id that make the start fail. Null means those of an unfinished instance.
    /// An unfinished instance whose status is not listed is terminated and then replaced.
    /// </summary>
    public IReadOnlyList<string>? DedupeStatuses { get; init; }
}
