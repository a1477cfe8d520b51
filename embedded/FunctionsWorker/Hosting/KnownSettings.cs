using Microsoft.Extensions.Configuration;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>What is to be said of settings that are there and not heeded.</summary>
/// <param name="Warnings">Sentences about those that nobody knows, or whose effect will be missed.</param>
/// <param name="WithoutEffect">The names of those that the genuine host knows and this one has no use for.</param>
internal sealed record SettingNotices(IReadOnlyList<string> Warnings, IReadOnlyList<string> WithoutEffect);

/// <summary>The settings of host.json that the genuine host and its extensions know, so that a misspelt one is told from one that this host has no use for.</summary>
internal static class KnownSettings
{
    /// <summary>Heeded, though nothing reads them as single values.</summary>
    private static readonly string[] HeededSections = ["functions", "logging:logLevel", "logging:console:logLevel", "extensions:http:customHeaders"];

    /// <summary>Sections whose effect will be missed, and what to do instead.</summary>
    private static readonly Dictionary<string, string> Missed = new(StringComparer.OrdinalIgnoreCase)
    {
        ["retry"] = "Retries for all functions were removed from the genuine host; mark timer functions with [FixedDelayRetry] or [ExponentialBackoffRetry], and set maxDequeueCount for queues.",
        ["customHandler"] = "Custom handlers are not for .NET apps, and this host does not start them.",
        ["httpWorker"] = "Custom handlers are not for .NET apps, and this host does not start them.",
    };

    /// <summary>Each a section with its keys; <c>*</c> stands for any.</summary>
    private static readonly string[] Genuine =
    [
        .. Keys("", "$schema version id functionTimeout functions:* watchDirectories:* watchFiles:* fileWatchingEnabled isDefaultHostConfig sendCanceledInvocationsToWorker telemetryMode metadataProviderTimeout sequentialRestart nugetFallBackPath tracing:* scale:* easyauth:* retry:* customHandler:* httpWorker:*"),
        .. Keys("logging", "fileLoggingMode console:isEnabled console:disableColors applicationInsights:* fileLogging:*"),
        .. Keys("aggregator", "batchSize flushTimeout isEnabled"),
        .. Keys("healthMonitor", "enabled healthCheckInterval healthCheckWindow healthCheckThreshold counterThreshold"),
        .. Keys("singleton", "lockPeriod listenerLockPeriod listenerLockRecoveryPollingInterval lockAcquisitionTimeout lockAcquisitionPollingInterval"),
        .. Keys("managedDependency", "enabled"),
        .. Keys("managedDependencies", "enabled"),
        .. Keys("extensionBundle", "id version"),
        .. Keys("concurrency", "dynamicConcurrencyEnabled snapshotPersistenceEnabled maximumFunctionConcurrency totalAvailableMemoryBytes cpuThreshold"),
        .. Keys("extensions:http", "routePrefix maxOutstandingRequests maxConcurrentRequests dynamicThrottlesEnabled hsts:isEnabled hsts:maxAge hsts:includeSubDomains hsts:preload hsts:excludedHosts:* customHeaders:*"),
        .. Keys("extensions:queues", "batchSize newBatchThreshold maxDequeueCount maxPollingInterval visibilityTimeout messageEncoding"),
        .. Keys("extensions:blobs", "maxDegreeOfParallelism poisonBlobThreshold"),
        .. Keys("extensions:durableTask", "hubName defaultVersion versionMatchStrategy versionFailureStrategy httpSettings:defaultAsyncRequestSleepTimeMilliseconds httpSettings:useForwardedHost maxConcurrentActivityFunctions maxConcurrentOrchestratorFunctions maxConcurrentEntityFunctions maxEntityOperationBatchSize maxOrchestrationActions maxGrpcMessageSizeInBytes grpcHttpClientTimeout localRpcEndpointEnabled extendedSessionsEnabled extendedSessionIdleTimeoutInSeconds overridableExistingInstanceStates entityMessageReorderWindowInMinutes useGracefulShutdown rollbackEntityOperationsOnExceptions throwStatusExceptionsOnRaiseEvent useAppLease storeInputsInOrchestrationHistory appLeaseOptions:renewInterval appLeaseOptions:acquireInterval appLeaseOptions:leaseInterval"),
        .. Keys("extensions:durableTask:tracing", "traceInputsAndOutputs traceReplayEvents allowVerboseLinuxTelemetry distributedTracingEnabled distributedTracingProtocol version"),
        .. Keys("extensions:durableTask:notifications:eventGrid", "topicEndpoint keySettingName publishRetryCount publishRetryInterval publishRetryHttpStatus:* publishEventTypes:*"),
        .. Keys("extensions:durableTask:storageProvider", "type connectionName connectionStringName"),
        // Azure Storage's, then those of MSSQL.
        .. Keys("extensions:durableTask:storageProvider", "partitionCount controlQueueBatchSize controlQueueBufferThreshold controlQueueVisibilityTimeout workItemQueueVisibilityTimeout maxQueuePollingInterval trackingStoreConnectionName trackingStoreConnectionStringName trackingStoreNamePrefix fetchLargeMessagesAutomatically useLegacyPartitionManagement useTablePartitionManagement allowReplayingTerminalInstances queueClientMessageEncoding"),
        .. Keys("extensions:durableTask:storageProvider", "taskHubName taskEventLockTimeout taskEventBatchSize createDatabaseIfNotExists schemaName"),
        .. ((string[])["cosmosDB", "eventGrid", "eventHubs", "kafka", "mySql", "rabbitMQ", "redis", "sendGrid", "serviceBus", "signalR", "sql", "tables", "warmup", "webPubSub", "dapr", "mcp", "openai"])
            .Select(extension => $"extensions:{extension}:*"),
    ];

    /// <param name="configuration">All there is.</param>
    /// <param name="heeded">The names of what was read from it.</param>
    public static SettingNotices Check(IConfiguration configuration, IReadOnlyCollection<string> heeded)
    {
        const string section = SettingReader.HostSection + ":";
        var read = heeded.Where(key => key.StartsWith(section, StringComparison.OrdinalIgnoreCase)).Select(key => key[section.Length..]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var isNetherite = string.Equals(configuration[section + "extensions:durableTask:storageProvider:type"], "netherite", StringComparison.OrdinalIgnoreCase);
        var warnings = new List<string>();
        var without = new List<string>();
        foreach (var key in configuration.GetSection(SettingReader.HostSection).AsEnumerable(makePathsRelative: true).Where(entry => entry.Value is not null).Select(entry => entry.Key).Order(StringComparer.Ordinal))
        {
            if (read.Contains(key) || HeededSections.Any(heededSection => IsIn(key, heededSection)))
                continue;
            // Netherite's settings are too many to list; what looks like one of this host's own is still taken for that.
            if (isNetherite && IsIn(key, "extensions:durableTask:storageProvider") && !read.Any(known => Spelling.Distance(known.ToUpperInvariant(), key.ToUpperInvariant()) <= 2))
                without.Add(key.Replace(':', '.'));
            else if (Missed.TryGetValue(key.Split(':')[0], out var instead))
                warnings.Add($"{SettingReader.NameOf(section + key)} has no effect. {instead}");
            else if (Genuine.Any(known => known.EndsWith('*') ? IsIn(key, known[..^2]) : known.Equals(key, StringComparison.OrdinalIgnoreCase)))
                without.Add(key.Replace(':', '.'));
            else
                warnings.Add($"{SettingReader.NameOf(section + key)} is not a setting that this host or the genuine one knows.{Hint(key, read)} Correct or remove it.");
        }

        return new SettingNotices(warnings, without);
    }

    private static IEnumerable<string> Keys(string section, string keys) => keys.Split(' ').Select(key => section.Length == 0 ? key : $"{section}:{key}");

    private static bool IsIn(string key, string section) =>
        key.StartsWith(section, StringComparison.OrdinalIgnoreCase) && (key.Length == section.Length || key[section.Length] == ':');

    private static string Hint(string key, IEnumerable<string> read)
    {
        if (Genuine.FirstOrDefault(known => known.EndsWith(":" + key, StringComparison.OrdinalIgnoreCase)) is { } deeper)
            return $" Did you mean {deeper.Replace(':', '.')}?";
        var candidates = Genuine.Concat(HeededSections.Select(section => section + ":*")).Select(known => known.EndsWith('*') ? Under(known[..^2], key) : known).OfType<string>().Concat(read);
        return Spelling.Nearest(key, candidates) is ({ } nearest, var distance) && distance <= Math.Max(2, key.Split(':')[^1].Length / 2) ? $" Did you mean {nearest.Replace(':', '.')}?" : "";
    }

    /// <summary>The key with that section in place of its own, where the two are alike; else null.</summary>
    private static string? Under(string section, string key)
    {
        var parts = key.Split(':');
        var depth = section.Split(':').Length;
        return parts.Length > depth && Spelling.Distance(section.ToUpperInvariant(), string.Join(':', parts[..depth]).ToUpperInvariant()) <= 2
            ? $"{section}:{string.Join(':', parts[depth..])}"
            : null;
    }
}
