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
