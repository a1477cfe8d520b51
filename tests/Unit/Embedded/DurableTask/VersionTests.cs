using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class VersionTests
{
    [Theory]
    [InlineData(null, "2.0")]
    [InlineData("", "")]
    [InlineData("1.5", "1.5")]
    public async Task DefaultVersion_StartsWithAndWithoutAVersion_IsUsedWhereNoneIsGiven(string? given, string expected)
    {
        await using var hub = await Versions(() => "2.0").StartAsync();
        var options = new StartOrchestrationOptions { Version = given is null ? (TaskVersion?)null : new TaskVersion(given) };

        var instanceId = await hub.Client.ScheduleNewOrchestrationInstanceAsync("parent", options);

        Assert.Equal<string>([expected, "2.0", "1.1", "2.0"], (await hub.CompletionAsync(instanceId)).ReadOutputAs<string[]>() ?? []);
    }

    [Theory]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "2.0", true)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "1.9.9", true)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "", true)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "10.0", false)]
    [InlineData(VersionMatchStrategy.Strict, "2.0", true)]
    [InlineData(VersionMatchStrategy.Strict, "1.9", false)]
    [InlineData(VersionMatchStrategy.None, "10.0", true)]
    public async Task VersionMatchStrategy_InstanceOfAVersion_RunsOrFails(VersionMatchStrategy strategy, string version, bool isRun)
    {
        await using var hub = await Versions(() => "2.0", strategy, VersionFailureStrategy.Fail).StartAsync();

        var instanceId = await hub.Client.ScheduleNewOrchestrationInstanceAsync("version", new StartOrchestrationOptions { Version = version });
        var instance = await hub.CompletionAsync(instanceId);

        Assert.Equal(isRun ? null : "VersionMismatch", instance.FailureDetails?.ErrorType);
        Assert.Equal(isRun ? version : null, instance.ReadOutputAs<string>());
    }

    [Fact]
    public async Task VersionFailureStrategy_Reject_LeavesTheInstanceToCodeOfItsVersion()
    {
        var (version, loggers) = ("1.0", new CollectingLoggers());
        await using var hub = await Versions(() => version, loggers: loggers).StartAsync();
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("waiting", new StartOrchestrationOptions("new") { Version = "2.0" });
        await hub.Client.RaiseEventAsync("new", "go", "early");
        await Poll.UntilTrueAsync(
            () => loggers.LinesOf(typeof(TaskHub).FullName!).Any(line => line.Contains("the instance has the version '2.0'")), () => "The mismatch was not logged.");
        Assert.Equal("1.0", await hub.ResultAsync<string>("version"));
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await hub.Client.GetInstanceAsync("new"))?.RuntimeStatus);

        version = "2.0";
        await hub.ReopenAsync();

        Assert.Equal("early", (await hub.CompletionAsync("new")).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task VersionFailureStrategy_Reject_TerminatesAndThenPurgesAsAsked(bool hasBegun)
    {
        var version = "2.0";
        await using var hub = await Versions(() => version).StartAsync();
        if (!hasBegun)
            await SetVersionAsync("1.0");
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("waiting", new StartOrchestrationOptions("new") { Version = "2.0" });
        if (hasBegun)
        {
            await hub.Client.WaitForInstanceStartAsync("new");
            await SetVersionAsync("1.0");
        }

        await hub.Client.RaiseEventAsync("new", "go", "kept back");
        Assert.Equal(0, (await hub.Client.PurgeInstanceAsync("new")).PurgedInstanceCount);
        await hub.Client.TerminateInstanceAsync("new", "enough");
        var instance = await hub.CompletionAsync("new");

        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "enough"), (instance.RuntimeStatus, instance.ReadOutputAs<string>()));
        Assert.Equal(1, (await hub.Client.PurgeInstanceAsync("new")).PurgedInstanceCount);

        async Task SetVersionAsync(string other)
        {
            version = other;
            await hub.ReopenAsync();
        }
    }

    [Fact]
    public async Task VersionFailureStrategy_Reject_SuspendsWhenTheCodeOfItsVersionTakesItUp()
    {
        var version = "1.0";
        await using var hub = await Versions(() => version).StartAsync();
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("waiting", new StartOrchestrationOptions("new") { Version = "2.0" });
        await hub.Client.SuspendInstanceAsync("new", "not yet");
        await hub.Client.RaiseEventAsync("new", "go", "held");

        version = "2.0";
        await hub.ReopenAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await hub.Client.WaitForInstanceStartAsync("new")).RuntimeStatus);
        await hub.Client.ResumeInstanceAsync("new");

        Assert.Equal("held", (await hub.CompletionAsync("new")).ReadOutputAs<string>());
    }

    private static TestHub Versions(
        Func<string> version,
        VersionMatchStrategy match = VersionMatchStrategy.CurrentOrOlder,
        VersionFailureStrategy failure = VersionFailureStrategy.Reject,
        CollectingLoggers? loggers = null) =>
        new TestHub
        {
            Loggers = loggers ?? new CollectingLoggers(),
            Configure = options => options with { DefaultVersion = version(), VersionMatchStrategy = match, VersionFailureStrategy = failure },
        }
        .Orchestrator("version", context => Task.FromResult(context.Version))
        .Orchestrator("waiting", context => context.WaitForExternalEvent<string>("go"))
        .Orchestrator("parent", async context => new[]
        {
            context.Version,
            await context.CallSubOrchestratorAsync<string>("version"),
            await context.CallSubOrchestratorAsync<string>("version", new SubOrchestrationOptions { Version = "1.1" }),
            context.Properties["defaultVersion"]?.ToString(),
        });
}
