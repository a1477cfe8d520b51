using Microsoft.Extensions.Configuration;
using Serverless.Embedded.DurableTask;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Tests.Unit.Embedded.FunctionsWorker;

public sealed class HostSettingsTests
{
    [Fact]
    public void Read_NothingSet_GivesTheDocumentedDefaults()
    {
        var (settings, problems) = Read();

        Assert.Empty(problems);
        Assert.Equal("api", settings.Http.RoutePrefix);
        Assert.Equal(new QueueSettings(16, 8, 5, null, TimeSpan.Zero, Base64: true), settings.Queues);
        Assert.Equal(new BlobSettings(8 * Environment.ProcessorCount, 5), settings.Blobs);
        Assert.Equal(
            new DurableSettings
            {
                HubName = "TestHubName",
                MaxConcurrentActivities = 10 * Environment.ProcessorCount,
                MaxConcurrentOrchestrators = 10 * Environment.ProcessorCount,
                MaxConcurrentEntities = 10 * Environment.ProcessorCount,
                MaxEntityOperationBatchSize = 5000,
                DefaultVersion = "",
                VersionMatchStrategy = VersionMatchStrategy.CurrentOrOlder,
                VersionFailureStrategy = VersionFailureStrategy.Reject,
                Durability = HubDurability.ProcessCrash,
                Retention = null,
                HttpPollingInterval = TimeSpan.FromSeconds(30),
                UseForwardedHost = false,
            },
            settings.Durable);
        Assert.Equal(TimeSpan.FromMinutes(30), settings.FunctionTimeout);
        Assert.Equal(["http://127.0.0.1:7071"], settings.Embedded.Urls);
        Assert.Equal(Path.GetFullPath(Path.Combine(".local", "state")), settings.Embedded.StateDirectory);
        Assert.Equal(TimeSpan.FromSeconds(30), settings.Embedded.DrainTimeout);
        Assert.Null(settings.Embedded.FunctionKey);
        Assert.Equal("my-app", settings.HostId);
    }

    [Fact]
    public void Read_EverythingSet_GivesIt()
    {
        var (settings, problems) = Read(
            ("AzureFunctionsJobHost:extensions:http:routePrefix", ""),
            ("AzureFunctionsJobHost:extensions:queues:batchSize", "4"),
            ("AzureFunctionsJobHost:extensions:queues:maxPollingInterval", "00:00:02"),
            ("AzureFunctionsJobHost:extensions:queues:messageEncoding", "none"),
            ("AzureFunctionsJobHost:extensions:durableTask:hubName", "Serverless"),
            ("AzureFunctionsJobHost:extensions:durableTask:storageProvider:durability", "power"),
            ("AzureFunctionsJobHost:extensions:durableTask:storageProvider:retention", "30.00:00:00"),
            ("AzureFunctionsJobHost:functionTimeout", "-1"),
            ("AzureFunctionsJobHost:functions:0", "One"),
            ("AzureFunctionsJobHost:functions:1", "Two"),
            ("EmbeddedHost:Urls", "http://127.0.0.1:1;http://[::1]:2"),
            ("EmbeddedHost:DrainTimeout", "00:00:05"));

        Assert.Empty(problems);
        Assert.Equal("", settings.Http.RoutePrefix);
        Assert.Equal(new QueueSettings(4, 2, 5, TimeSpan.FromSeconds(2), TimeSpan.Zero, Base64: false), settings.Queues);
        Assert.Equal("Serverless", settings.Durable.HubName);
        Assert.Equal((HubDurability.PowerLoss, TimeSpan.FromDays(30)), (settings.Durable.Durability, settings.Durable.Retention));
        Assert.Null(settings.FunctionTimeout);
        Assert.Equal(["One", "Two"], settings.Functions);
        Assert.True(settings.Embedded.OnLoopbackOnly);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.Embedded.DrainTimeout);
    }

    [Theory]
    [InlineData("AzureFunctionsJobHost:extensions:queues:batchSize", "33", "extensions.queues.batchSize of host.json (or the environment variable AzureFunctionsJobHost__extensions__queues__batchSize) is '33'; expected a whole number from 1 to 32")]
    [InlineData("AzureFunctionsJobHost:extensions:queues:maxPollingInterval", "2", "is '2'; expected a time as hh:mm:ss")]
    [InlineData("AzureFunctionsJobHost:extensions:queues:messageEncoding", "utf8", "expected one of base64, none")]
    [InlineData("AzureFunctionsJobHost:extensions:durableTask:hubName", "my hub", "expected a letter, then 2 to 44 letters and digits")]
    [InlineData("AzureFunctionsJobHost:version", "1.0", "expected 2.0")]
    [InlineData("EmbeddedHost:Urls", "https://127.0.0.1:7071", "EmbeddedHost__Urls holds 'https://127.0.0.1:7071'; expected addresses such as http://127.0.0.1:7071")]
    [InlineData("EmbeddedHost:DrainTimeout", "soon", "EmbeddedHost__DrainTimeout is 'soon'; expected a time as hh:mm:ss")]
    [InlineData("AzureFunctionsWebHost:hostId", "My_App", "expected 1 to 32 lower-case letters")]
    public void Read_WrongValue_NamesTheSettingAndTheFix(string key, string value, string expected) =>
        Assert.Contains(expected, Assert.Single(Read((key, value)).Problems), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.1:7071", true)]
    [InlineData("http://localhost:7071", true)]
    [InlineData("http://[::1]:7071", true)]
    [InlineData("http://0.0.0.0:7071", false)]
    [InlineData("http://*:7071", false)]
    [InlineData("http://127.0.0.1:7071;http://10.0.0.1:7071", false)]
    public void OnLoopbackOnly_Urls_HoldsWhenEachIsLoopback(string urls, bool expected) =>
        Assert.Equal(expected, Read(("EmbeddedHost:Urls", urls)).Settings.Embedded.OnLoopbackOnly);

    private static (HostSettings Settings, List<string> Problems) Read(params (string Key, string Value)[] values)
    {
        var problems = new List<string>();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();
        return (HostSettings.Read(configuration, "My.App", problems), problems);
    }
}
