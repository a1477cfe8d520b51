using Microsoft.Extensions.Configuration;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

public sealed class KnownSettingsTests
{
    [Theory]
    [InlineData("extensions:queues:bachSize", "extensions.queues.bachSize of host.json", "Did you mean extensions.queues.batchSize?")]
    [InlineData("extensions:queue:batchSize", "extensions.queue.batchSize of host.json", "Did you mean extensions.queues.batchSize?")]
    [InlineData("queues:batchSize", "queues.batchSize of host.json", "Did you mean extensions.queues.batchSize?")]
    [InlineData("functionTimeOuts", "functionTimeOuts of host.json", "Did you mean functionTimeout?")]
    [InlineData("extensions:durableTask:maxConcurrentActivities", "AzureFunctionsJobHost__extensions__durableTask__maxConcurrentActivities", "Did you mean extensions.durableTask.maxConcurrentActivityFunctions?")]
    [InlineData("extensions:durableTask:storageProvider:durabilty", "extensions.durableTask.storageProvider.durabilty of host.json", "Did you mean extensions.durableTask.storageProvider.durability?")]
    [InlineData("extensions:durableTask:storageProvider:retenion", "storageProvider.retenion", "Did you mean extensions.durableTask.storageProvider.retention?")]
    [InlineData("extensions:durableTask:storageProvider:typ", "storageProvider.typ", "Did you mean extensions.durableTask.storageProvider.type?")]
    [InlineData("extensions:durableTask:tracing:traceInputAndOutput", "tracing.traceInputAndOutput", "Did you mean extensions.durableTask.tracing.traceInputsAndOutputs?")]
    [InlineData("extensions:durableTask:notifications:eventGrid:topicEndpont", "topicEndpont", "Did you mean extensions.durableTask.notifications.eventGrid.topicEndpoint?")]
    [InlineData("extensions:durableTask:appLeaseOptions:renewIntervall", "renewIntervall", "Did you mean extensions.durableTask.appLeaseOptions.renewInterval?")]
    [InlineData("logging:logLevl:default", "logging.logLevl.default of host.json", "Did you mean logging.logLevel.default?")]
    [InlineData("extensions:servicBus:prefetchCount", "extensions.servicBus.prefetchCount of host.json", "Did you mean extensions.serviceBus.prefetchCount?")]
    [InlineData("retry:strategy", "retry.strategy of host.json", "mark timer functions with [FixedDelayRetry]")]
    public void Check_UnknownKey_NamesTheNearestKnown(string key, string where, string hint)
    {
        var notices = NoticesOf((key, "1"));

        var warning = Assert.Single(notices.Warnings);
        Assert.Contains(where, warning, StringComparison.Ordinal);
        Assert.Contains(hint, warning, StringComparison.Ordinal);
        Assert.Empty(notices.WithoutEffect);
    }

    [Fact]
    public void Check_NothingAkin_GivesNoHint() =>
        Assert.DoesNotContain("Did you mean", Assert.Single(NoticesOf(("colour", "red")).Warnings), StringComparison.Ordinal);

    [Fact]
    public void Check_KnownWithoutEffect_IsOnlyListed()
    {
        var notices = NoticesOf(
            ("logging:applicationInsights:samplingSettings:isEnabled", "true"), ("logging:fileLoggingMode", "always"), ("extensionBundle:id", "x"), ("extensions:serviceBus:prefetchCount", "1"));

        Assert.Empty(notices.Warnings);
        Assert.Equal(["extensionBundle.id", "extensions.serviceBus.prefetchCount", "logging.applicationInsights.samplingSettings.isEnabled", "logging.fileLoggingMode"], notices.WithoutEffect);
    }

    [Fact]
    public void Check_StorageProviders_AreKnownByTheirSettings()
    {
        const string provider = "extensions:durableTask:storageProvider";
        var notices = NoticesOf(
            ($"{provider}:type", "AzureStorage"), ($"{provider}:partitionCount", "1"), ($"{provider}:taskEventLockTimeout", "00:02:00"), ($"{provider}:durability", "power"));

        Assert.Empty(notices.Warnings);
        Assert.Equal(["partitionCount", "taskEventLockTimeout", "type"], notices.WithoutEffect.Select(name => name.Split('.')[^1]));
        Assert.DoesNotContain("Did you mean", Assert.Single(NoticesOf(($"{provider}:colour", "red")).Warnings), StringComparison.Ordinal);
        var netherite = NoticesOf(($"{provider}:type", "Netherite"), ($"{provider}:CacheDebugger", "1"), ($"{provider}:durabilty", "power"));
        Assert.Contains("durability?", Assert.Single(netherite.Warnings), StringComparison.Ordinal);
        Assert.Equal([$"{provider}:CacheDebugger".Replace(':', '.'), $"{provider}:type".Replace(':', '.')], netherite.WithoutEffect);
    }

    [Theory]
    [InlineData("AzureFunctionsJobHost:logging:logLevel:default", "Debgu", "The setting logging.logLevel.default of host.json", "expected one of Trace, Debug, Information", "(did you mean Debug?)")]
    [InlineData("AzureFunctionsJobHost:logging:logLevel:Host.Results", "Loud", "logging.logLevel.Host.Results", "'Loud'", "Critical, None. Correct it")]
    [InlineData("Logging:Console:LogLevel:Default", "Warn", "The setting Logging__Console__LogLevel__Default is 'Warn'", "expected one of Trace", "Warning")]
    public void Read_LogLevelThatIsNone_IsReportedAsOtherSettingsAre(string key, string value, params string[] expected)
    {
        var problems = new List<string>();
        HostSettings.Read(
            new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value), KeyValuePair.Create("Logging:LogLevel:Fine", (string?)"warning")]).Build(), "app", problems);

        var problem = Assert.Single(problems);
        Assert.All(expected, part => Assert.Contains(part, problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Check_WhatTheHostReads_IsNotMentioned()
    {
        var notices = NoticesOf(
            ("version", "2.0"), ("functionTimeout", "-1"), ("functions:0", "One"), ("logging:logLevel:default", "Warning"), ("extensions:HTTP:RoutePrefix", "x"),
            ("extensions:queues:batchSize", "4"), ("singleton:listenerLockPeriod", "00:00:30"), ("extensions:durableTask:hubName", "Hub"));

        Assert.Empty(notices.Warnings);
        Assert.Empty(notices.WithoutEffect);
    }

    private static SettingNotices NoticesOf(params (string Key, string Value)[] values) =>
        HostSettings.Read(
            new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create("AzureFunctionsJobHost:" + value.Key, (string?)value.Value))).Build(),
            "app",
            []).Notices;
}
