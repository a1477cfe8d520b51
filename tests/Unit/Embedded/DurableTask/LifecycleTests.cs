using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class LifecycleTests
{
    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task ContinueAsNew_Repeatedly_StartsOverWithTheNewInput(int maxCached)
    {
        await using var hub = await new TestHub { MaxCachedOrchestrations = maxCached }
            .Activity<int, int>("add", value => value + 1)
            .Orchestrator("loop", async context =>
            {
                var value = await context.CallActivityAsync<int>("add", context.GetInput<int>());
                if (value < 20)
                    context.ContinueAsNew(value);
                return value;
            })
            .StartAsync();

        var instance = await hub.RunAsync("loop", 0);

        Assert.Equal(20, instance.ReadOutputAs<int>());
        Assert.Equal(19, instance.ReadInputAs<int>());
    }

    [Fact]
    public async Task ContinueAsNew_UnprocessedEvents_ArePreservedOrDropped()
    {
        await using var hub = await new TestHub()
            .Orchestrator("loop", async context =>
            {
                await context.WaitForExternalEvent<object?>("go");
                if (context.GetInput<string>() is { } setting)
                {
                    context.ContinueAsNew(null, preserveUnprocessedEvents: setting == "preserve");
                    return [];
                }

                return new[] { await context.WaitForExternalEvent<string>("a"), await context.WaitForExternalEvent<string>("a") };
            })
            .StartAsync();
        foreach (var setting in new[] { "preserve", "drop" })
        {
            await hub.ScheduleAsync("loop", setting, setting);
            await hub.Client.RaiseEventAsync(setting, "a", "1");
            await hub.Client.RaiseEventAsync(setting, "a", "2");
            await hub.Client.RaiseEventAsync(setting, "go");
            await Poll.UntilTrueAsync(() => hub.Client.GetInstanceAsync(setting, true).Result?.SerializedInput is null, () => "It did not start over.");
            await hub.Client.RaiseEventAsync(setting, "a", "3");
            await hub.Client.RaiseEventAsync(setting, "a", "4");
            await hub.Client.RaiseEventAsync(setting, "go");
        }

        Assert.Equal<string>(["1", "2"], (await hub.CompletionAsync("preserve")).ReadOutputAs<string[]>() ?? []);
        Assert.Equal<string>(["3", "4"], (await hub.CompletionAsync("drop")).ReadOutputAs<string[]>() ?? []);
    }

    [Fact]
    public async Task ContinueAsNew_EventsComeDuringTheEpisode_KeepsTheirOrder()
    {
        using var gate = new Gate();
        await using var hub = await new TestHub()
            .Orchestrator("loop", async context =>
            {
                gate.Pass();
                if (context.GetInput<string>() is not { } first)
                {
                    context.ContinueAsNew(await context.WaitForExternalEvent<string>("item"));
                    gate.Pass();
                    return "";
                }

                return first + await context.WaitForExternalEvent<string>("item") + await context.WaitForExternalEvent<string>("item");
            })
            .StartAsync();
        await hub.ScheduleAsync("loop", null, "run");
        await hub.Client.RaiseEventAsync("run", "item", "1");
        await hub.Client.RaiseEventAsync("run", "item", "2");
        gate.Open();
        await gate.WaitAsync(2);
        await hub.Client.RaiseEventAsync("run", "item", "3");
        gate.Open();
        gate.Open();

        Assert.Equal("123", (await hub.CompletionAsync("run")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ContinueAsNew_TerminatedInTheSameEpisode_IsTerminated()
    {
        using var gate = new Gate();
        await using var hub = await new TestHub()
            .Orchestrator("loop", async context =>
            {
                gate.Pass();
                await context.WaitForExternalEvent<string>("item");
                context.ContinueAsNew();
                return "";
            })
            .StartAsync();
        await hub.ScheduleAsync("loop", null, "run");
        await gate.WaitAsync(1);
        await hub.Client.RaiseEventAsync("run", "item", "1");
        await hub.Client.TerminateInstanceAsync("run", "enough");
        gate.Open();
        gate.Open();

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await hub.CompletionAsync("run")).RuntimeStatus);
    }

    [Fact]
    public async Task ContinueAsNew_InAChild_StillAnswersTheParent()
    {
        await using var hub = await new TestHub()
            .Activity<int, int>("add", value => value + 1)
            .Orchestrator("child", async context =>
            {
                var value = await context.CallActivityAsync<int>("add", context.GetInput<int>());
                if (value < 5)
                    context.ContinueAsNew(value);
                return $"{value} for {context.Parent?.InstanceId}";
            })
            .Orchestrator("parent", context => context.CallSubOrchestratorAsync<string>("child", 0))
            .StartAsync();

        Assert.Equal("5 for p", (await hub.RunAsync("parent", instanceId: "p")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ContinueAsNew_WithNewVersion_RunsAsThatVersion()
    {
        await using var hub = await new TestHub()
            .Orchestrator("versioned", context =>
            {
                if (context.CompareVersionTo("2.0") < 0)
                    context.ContinueAsNew(new ContinueAsNewOptions { NewVersion = "2.0" });
                return Task.FromResult(context.Version);
            })
            .StartAsync();
        var instanceId = await hub.Client.ScheduleNewOrchestrationInstanceAsync("versioned", new StartOrchestrationOptions { Version = "1.9" });

        Assert.Equal("2.0", (await hub.CompletionAsync(instanceId)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task SetCustomStatus_WhileRunningAndAcrossRestart_IsShown()
    {
        await using var hub = await new TestHub()
            .Orchestrator("status", async context =>
            {
                context.SetCustomStatus(new { stage = "waiting" });
                await context.WaitForExternalEvent<object?>("go");
                context.SetCustomStatus("finished");
                return 1;
            })
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("status");
        await hub.Client.WaitForInstanceStartAsync(instanceId);
        await hub.CrashAsync();

        Assert.Equal("""{"stage":"waiting"}""", (await hub.Client.GetInstanceAsync(instanceId, true))?.SerializedCustomStatus);
        await hub.Client.RaiseEventAsync(instanceId, "go");
        Assert.Equal("finished", (await hub.CompletionAsync(instanceId)).ReadCustomStatusAs<string>());
    }

    [Fact]
    public async Task TerminateInstanceAsync_Waiting_EndsItWithTheOutput()
    {
        await using var hub = await Waiting().StartAsync();
        var instanceId = await hub.ScheduleAsync("waiting");
        await hub.Client.WaitForInstanceStartAsync(instanceId);

        await hub.Client.TerminateInstanceAsync(instanceId, (object)"enough");
        var instance = await hub.CompletionAsync(instanceId);
        await hub.Client.TerminateInstanceAsync(instanceId);
        await hub.Client.TerminateInstanceAsync("unknown");

        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "enough"), (instance.RuntimeStatus, instance.ReadOutputAs<string>()));
    }

    [Fact]
    public async Task TerminateInstanceAsync_NotYetStarted_EndsItAtOnce()
    {
        await using var hub = await Waiting().StartAsync();
        var instanceId = await hub.Client.ScheduleNewOrchestrationInstanceAsync(
            "waiting", new StartOrchestrationOptions(null, DateTimeOffset.UtcNow.AddDays(1)));

        await hub.Client.TerminateInstanceAsync(instanceId);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await hub.CompletionAsync(instanceId)).RuntimeStatus);
    }

    [Fact]
    public async Task TerminateInstanceAsync_BeforeTheHubRuns_NeverRunsTheCode()
    {
        var runs = 0;
        await using var hub = await new TestHub().Orchestrator("counted", _ => Task.FromResult(++runs)).StartAsync();
        await hub.Hub.DrainAsync(CancellationToken.None);
        var instanceId = await hub.ScheduleAsync("counted");
        await hub.Client.TerminateInstanceAsync(instanceId);

        await hub.ReopenAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await hub.CompletionAsync(instanceId)).RuntimeStatus);
        Assert.Equal(0, runs);
    }

    [Fact]
    public async Task TerminateInstanceAsync_BehindWhatNoTurnHasTaken_EndsItAtTheNextStartWithoutItsCode()
    {
        var reached = new List<string>();
        await using var hub = await new TestHub().Orchestrator("spinning", async context =>
        {
            reached.Add("start");
            await context.WaitForExternalEvent<string>("go");

            // From here on real code might never come back.
            reached.Add("spin");
            return true;
        }).StartAsync();
        var instanceId = await hub.ScheduleAsync("spinning");
        await hub.Client.WaitForInstanceStartAsync(instanceId);
        await hub.Hub.DrainAsync(CancellationToken.None);
        await hub.Client.RaiseEventAsync(instanceId, "go", "now");
        await hub.Client.TerminateInstanceAsync(instanceId, (object)"enough");

        await hub.ReopenAsync();

        var instance = await hub.CompletionAsync(instanceId);
        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "enough"), (instance.RuntimeStatus, instance.ReadOutputAs<string>()));
        Assert.Equal(["start"], reached);
    }

    [Fact]
    public async Task WaitingInstances_MoreThanAreKeptInMemory_AllGoOn()
    {
        await using var hub = await Waiting(maxCached: 3).StartAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => hub.ScheduleAsync("waiting", instanceId: $"w{i}")));
        foreach (var id in ids)
            await hub.Client.WaitForInstanceStartAsync(id);

        await Task.WhenAll(ids.Select(id => hub.Client.RaiseEventAsync(id, "go", id)));

        foreach (var id in ids)
            Assert.Equal(id, (await hub.CompletionAsync(id)).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TerminateInstanceAsync_WithChildren_EndsThemIfAsked(bool recursive)
    {
        await using var hub = await Waiting()
            .Orchestrator("middle", context => context.CallSubOrchestratorAsync<string>("waiting", new SubOrchestrationOptions(instanceId: "leaf")))
            .Orchestrator("top", context => context.CallSubOrchestratorAsync<string>("middle", new SubOrchestrationOptions(instanceId: "middle")))
            .StartAsync();
        await hub.ScheduleAsync("top", instanceId: "top");
        await Poll.UntilTrueAsync(() => hub.Client.GetInstanceAsync("leaf").Result is { IsRunning: true }, () => "The leaf was not started.");

        await hub.Client.TerminateInstanceAsync("top", new TerminateInstanceOptions(null, recursive));
        await hub.CompletionAsync("top");
        if (!recursive)
            await hub.Client.RaiseEventAsync("leaf", "go", "left alone");

        var (middle, leaf) = (await hub.CompletionAsync("middle"), await hub.CompletionAsync("leaf"));
        var expected = recursive ? OrchestrationRuntimeStatus.Terminated : OrchestrationRuntimeStatus.Completed;
        Assert.Equal((expected, expected), (middle.RuntimeStatus, leaf.RuntimeStatus));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task SuspendInstanceAsync_ThenEvents_HoldsThemUntilResumed(int maxCached)
    {
        await using var hub = await Waiting(maxCached).StartAsync();
        var instanceId = await hub.ScheduleAsync("waiting");
        await hub.Client.WaitForInstanceStartAsync(instanceId);

        await hub.Client.SuspendInstanceAsync(instanceId, "maintenance");
        await Poll.UntilTrueAsync(() => StatusOf(hub, instanceId) == OrchestrationRuntimeStatus.Suspended, () => "It was not suspended.");
        await hub.Client.RaiseEventAsync(instanceId, "go", "held");
        await Poll.UntilTrueAsync(() => Exported(hub, instanceId).Contains("held"), () => "The event was not taken.");
        await hub.CrashAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, StatusOf(hub, instanceId));
        await hub.Client.ResumeInstanceAsync(instanceId);

        Assert.Equal("held", (await hub.CompletionAsync(instanceId)).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task ResumeInstanceAsync_CodeContinuesAsNewByTheFirstHeldEvent_CarriesTheOthersOver(int maxCached)
    {
        await using var hub = await new TestHub { MaxCachedOrchestrations = maxCached }
            .Orchestrator("loop", async context =>
            {
                var next = context.WaitForExternalEvent<string>("next");
                if (context.GetInput<string>() is not null)
                    return await next;
                await Task.WhenAny(context.WaitForExternalEvent<object?>("go"), next);
                context.ContinueAsNew("again");
                return "";
            })
            .StartAsync();
        var instanceId = await hub.ScheduleAsync("loop");
        await hub.Client.WaitForInstanceStartAsync(instanceId);

        await hub.Client.SuspendInstanceAsync(instanceId);
        await hub.Client.RaiseEventAsync(instanceId, "go");
        await hub.Client.RaiseEventAsync(instanceId, "next", "kept");
        await Poll.UntilTrueAsync(() => Exported(hub, instanceId).Contains("kept"), () => "The events were not taken.");
        await hub.Client.ResumeInstanceAsync(instanceId);

        Assert.Equal("kept", (await hub.CompletionAsync(instanceId)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task TerminateInstanceAsync_Suspended_EndsIt()
    {
        await using var hub = await Waiting().StartAsync();
        var instanceId = await hub.ScheduleAsync("waiting");
        await hub.Client.SuspendInstanceAsync(instanceId);
        await Poll.UntilTrueAsync(() => StatusOf(hub, instanceId) == OrchestrationRuntimeStatus.Suspended, () => "It was not suspended.");

        await hub.Client.TerminateInstanceAsync(instanceId);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await hub.CompletionAsync(instanceId)).RuntimeStatus);
    }

    private static TestHub Waiting(int maxCached = 1000) => new TestHub { MaxCachedOrchestrations = maxCached }
        .Orchestrator("waiting", context => context.WaitForExternalEvent<string>("go"));

    private static OrchestrationRuntimeStatus? StatusOf(TestHub hub, string instanceId) => hub.Client.GetInstanceAsync(instanceId).Result?.RuntimeStatus;

    private static string Exported(TestHub hub, string instanceId) =>
        hub.Hub.ExportHistoryAsync(instanceId, CancellationToken.None).Result?.ToJson() ?? "";
}
