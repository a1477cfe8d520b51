using System.Text.RegularExpressions;
using Serverless.Embedded.DurableTask;
using Serverless.Embedded.FunctionsWorker.Durable;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

internal sealed record DurableSettings
{
    /// <value>The task hub's name. Default: TestHubName.</value>
    public required string HubName { get; init; }

    /// <value>Default: 10 for each core.</value>
    public required int MaxConcurrentActivities { get; init; }

    /// <value>Default: 10 for each core.</value>
    public required int MaxConcurrentOrchestrators { get; init; }

    /// <value>Default: 10 for each core.</value>
    public required int MaxConcurrentEntities { get; init; }

    /// <value>Default: 5,000.</value>
    public required int MaxEntityOperationBatchSize { get; init; }

    /// <value>The version of this code's orchestrators. Default: none.</value>
    public required string DefaultVersion { get; init; }

    /// <value>Which instances this code runs, when it has a version. Default: those of its own or an older one.</value>
    public required VersionMatchStrategy VersionMatchStrategy { get; init; }

    /// <value>What becomes of the other instances. Default: they wait for other code.</value>
    public required VersionFailureStrategy VersionFailureStrategy { get; init; }

    /// <value>What acknowledged work survives (<c>storageProvider.durability</c>: <c>process</c> or <c>power</c>). Default: the end of the process.</value>
    public required HubDurability Durability { get; init; }

    /// <value>How long a finished instance is kept (<c>storageProvider.retention</c>). Default: until it is purged.</value>
    public required TimeSpan? Retention { get; init; }

    /// <value>How long an orchestrator's HTTP call waits between polls that say nothing of it. Default: 30 seconds.</value>
    public required TimeSpan HttpPollingInterval { get; init; }

    /// <value>Whether links name the address that a proxy says it was asked for. Default: false.</value>
    public required bool UseForwardedHost { get; init; }

    public static DurableSettings Read(SettingReader read, string section)
    {
        var hubName = read.Text($"{section}:hubName") ?? "TestHubName";
        if (!Regex.IsMatch(hubName, "^[A-Za-z][A-Za-z0-9]{2,44}$"))
            read.Refuse($"{section}:hubName", "a letter, then 2 to 44 letters and digits");
        return new DurableSettings
        {
            HubName = hubName,
            MaxConcurrentActivities = read.Whole($"{section}:maxConcurrentActivityFunctions", 10 * Environment.ProcessorCount, 1, 10_000),
            MaxConcurrentOrchestrators = read.Whole($"{section}:maxConcurrentOrchestratorFunctions", 10 * Environment.ProcessorCount, 1, 10_000),
            MaxConcurrentEntities = read.Whole($"{section}:maxConcurrentEntityFunctions", 10 * Environment.ProcessorCount, 1, 10_000),
            MaxEntityOperationBatchSize = read.Whole($"{section}:maxEntityOperationBatchSize", 5000, 1, 1_000_000),
            DefaultVersion = read.Text($"{section}:defaultVersion") ?? string.Empty,
            VersionMatchStrategy = Choose($"{section}:versionMatchStrategy", VersionMatchStrategy.CurrentOrOlder),
            HttpPollingInterval = TimeSpan.FromMilliseconds(
                read.Whole($"{section}:httpSettings:defaultAsyncRequestSleepTimeMilliseconds", (int)DurableHttp.DefaultPollingInterval.TotalMilliseconds, 0, int.MaxValue)),
            UseForwardedHost = read.Flag($"{section}:httpSettings:useForwardedHost", false),
            VersionFailureStrategy = Choose($"{section}:versionFailureStrategy", VersionFailureStrategy.Reject),
            Durability = read.OneOf(
                $"{section}:storageProvider:durability", HubDurability.ProcessCrash, ("process", HubDurability.ProcessCrash), ("power", HubDurability.PowerLoss)),
            Retention = read.Text($"{section}:storageProvider:retention") is null
                ? null
                : read.Time($"{section}:storageProvider:retention", TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromDays(3650)),
        };

        T Choose<T>(string key, T byDefault)
            where T : struct, Enum =>
            read.OneOf(key, byDefault, [.. Enum.GetValues<T>().Select(value => (value.ToString(), value))]);
    }
}
