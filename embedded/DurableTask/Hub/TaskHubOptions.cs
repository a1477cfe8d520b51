using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Microsoft.DurableTask.Worker;

namespace Serverless.Embedded.DurableTask;

/// <summary>The settings of a task hub, as in host.json under <c>extensions.durableTask</c>.</summary>
public sealed record TaskHubOptions
{
    /// <summary>The SQLite file; it and its folder are created when missing. One process at a time may have it open.</summary>
    public required string DatabasePath { get; init; }

    /// <value>The hub's name (<c>hubName</c>). Default: <c>TestHubName</c>.</value>
    public string Name { get; init; } = "TestHubName";

    /// <value>Activities that run at a time (<c>maxConcurrentActivityFunctions</c>). Default: 10 × processors.</value>
    [Range(1, int.MaxValue)]
    public int MaxConcurrentActivities { get; init; } = 10 * Environment.ProcessorCount;

    /// <value>Orchestrators whose code runs at a time (<c>maxConcurrentOrchestratorFunctions</c>). Default: 10 × processors.</value>
    [Range(1, int.MaxValue)]
    public int MaxConcurrentOrchestrations { get; init; } = 10 * Environment.ProcessorCount;

    /// <value>Entities that carry out operations at a time (<c>maxConcurrentEntityFunctions</c>). Default: 10 × processors.</value>
    [Range(1, int.MaxValue)]
    public int MaxConcurrentEntities { get; init; } = 10 * Environment.ProcessorCount;

    /// <value>Operations of an entity that are carried out, and stored, together, at most (<c>maxEntityOperationBatchSize</c>). Default: 5,000.</value>
    [Range(1, int.MaxValue)]
    public int MaxEntityOperationBatchSize { get; init; } = 5000;

    /// <value>
    /// Waiting orchestrations kept in memory, so that they go on without a replay. 0 replays each from its history every time. Default: 1,000.
    /// </value>
    [Range(0, int.MaxValue)]
    public int MaxCachedOrchestrations { get; init; } = 1000;

    /// <value>
    /// The version of this code (<c>defaultVersion</c>), which instances get that are started without one. Default: empty, for code without versions,
    /// which runs instances of every version.
    /// </value>
    public string DefaultVersion { get; init; } = string.Empty;

    /// <value>What orchestrators find in <c>context.Properties</c>, besides the default version. Default: nothing.</value>
    public IReadOnlyDictionary<string, object?> ContextProperties { get; init; } = ImmutableDictionary<string, object?>.Empty;

    /// <value>Says what else of an exception is kept with a failure. Default: nothing.</value>
    public IExceptionPropertiesProvider? ExceptionProperties { get; init; }

    /// <value>Which instances this code runs, when it has a version (<c>versionMatchStrategy</c>). Default: those of its own version or an older one.</value>
    public VersionMatchStrategy VersionMatchStrategy { get; init; } = VersionMatchStrategy.CurrentOrOlder;

    /// <value>What becomes of an instance that this code does not run (<c>versionFailureStrategy</c>). Default: it waits for code that does.</value>
    public VersionFailureStrategy VersionFailureStrategy { get; init; } = VersionFailureStrategy.Reject;

    /// <value>What acknowledged work survives (<c>storageProvider.durability</c>: <c>process</c> or <c>power</c>). Default: the end of the process.</value>
    [EnumDataType(typeof(HubDurability))]
    public HubDurability Durability { get; init; } = HubDurability.ProcessCrash;

    /// <value>
    /// How long a finished instance is kept (<c>storageProvider.retention</c>), counted from its end; a sub-orchestration as long as its
    /// parent, unless that has continued as new since. Default: null, until it is purged.
    /// </value>
    public TimeSpan? Retention { get; init; }

    /// <value>How long the start waits for another process that holds the file and may be about to end. Default: 5 seconds.</value>
    public TimeSpan HolderPatience { get; init; } = TimeSpan.FromSeconds(5);
}
