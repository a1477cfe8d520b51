using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class ReplayerTests
{
    [Fact]
    public async Task FindDifference_SameCode_IsNullForFinishedAndWaitingInstances()
    {
        var (finished, waiting) = await RecordAsync();

        Assert.Null(Find(finished, Approve("price", 2)));
        Assert.Null(Find(waiting, Approve("price", 2)));
        Assert.Equal("approve", HistoryRecording.Parse(finished).Name);
    }

    [Fact]
    public async Task FindDifference_ChangedCode_SaysHow()
    {
        var (finished, waiting) = await RecordAsync();

        Assert.Contains("the activity 'price' as task 0, but on replay the code asked for a call of the activity 'cost'", Find(finished, Approve("cost", 2)));
        Assert.Contains("ends with the output 84, but the code now ends with the output 126", Find(finished, Approve("price", 3)));
        Assert.Contains("goes on waiting where the code now ends with the output 1", Find(waiting, async context =>
        {
            await context.CallActivityAsync<int>("price");
            _ = context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
            return 1;
        }));
        Assert.Contains("but the code now ends with the failure System.IO.IOException: new", Find(finished, async context =>
        {
            await Approve("price", 2)(context);
            throw new IOException("new");
        }));
        Assert.Contains("asked for nothing there", Find(waiting, async _ =>
        {
            await Task.Delay(TimeSpan.FromDays(1));
            return 1;
        }));
    }

    [Fact]
    public void Parse_NotARecording_Throws() => Assert.Throws<System.Text.Json.JsonException>(() => HistoryRecording.Parse("{\"history\":[{\"event\":\"unheard\"}]}"));

    private static Func<TaskOrchestrationContext, Task<object?>> Approve(string activity, int factor) => async context =>
    {
        var price = await context.CallActivityAsync<int>(activity);
        var approved = await context.WaitForExternalEvent<bool>("approval", TimeSpan.FromDays(1));
        return approved ? factor * price : 0;
    };

    private static string? Find(string recording, Func<TaskOrchestrationContext, Task<object?>> code) =>
        OrchestrationReplayer.FindDifference(HistoryRecording.Parse(recording), code, JsonDataConverter.Default);

    private static async Task<(string Finished, string Waiting)> RecordAsync()
    {
        await using var hub = await new TestHub()
            .Activity<string?, int>("price", _ => 42)
            .Orchestrator("approve", context => Approve("price", 2)(context))
            .StartAsync();
        await hub.ScheduleAsync("approve", instanceId: "a");
        await Poll.UntilTrueAsync(() => Export(hub).Contains("activityCompleted", StringComparison.Ordinal), () => "The activity did not run.");
        var waiting = Export(hub);
        await hub.Client.RaiseEventAsync("a", "approval", true);
        await hub.CompletionAsync("a");
        return (Export(hub), waiting);
    }

    private static string Export(TestHub hub) => hub.Hub.ExportHistoryAsync("a", CancellationToken.None).Result?.ToJson() ?? "";
}
