using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Tests.Integration.Embedded;

[Collection(AzuriteCollection.Name)]
public sealed class TimerTriggerTests(AzuriteFixture azurite)
{
    private readonly string _hostId = $"t{Guid.NewGuid():n}"[..20];

    [Fact]
    public async Task Timer_OfShortInterval_FiresAgainAndAgainWithoutOverlap()
    {
        var running = 0;
        var overlapped = false;
        var journal = new Journal
        {
            Act = async (_, _) =>
            {
                overlapped |= Interlocked.Increment(ref running) > 1;
                await Task.Yield();
                Interlocked.Decrement(ref running);
            },
        };
        await using var app = await StartAsync("Tick", "00:00:00.05", journal);

        await Poll.UntilTrueAsync(() => journal.Count("tick on time unmonitored") >= 5, "five ticks were noted");
        Assert.False(overlapped);
    }

    [Fact]
    public async Task Timer_ThatFails_FiresAgain()
    {
        var journal = new Journal { Act = (_, _) => throw new InvalidOperationException("no") };
        await using var app = await StartAsync("Tick", "00:00:00.05", journal);

        await Poll.UntilTrueAsync(() => journal.Entries.Count >= 3, "three ticks were noted");
    }

    [Fact]
    public async Task RunOnStartup_Set_RunsAtStartup()
    {
        await using var app = await StartAsync("TickAtStart", "00:01:00");

        await Poll.UntilTrueAsync(() => app.Journal.Count("start False") == 1, "the function ran at startup");
    }

    [Fact]
    public async Task Status_AfterAnOccurrenceWasMissed_MakesTheTimerPastDueAtStart()
    {
        var journal = new Journal();
        await using (var app = await StartAsync("Tick", "0 0 * * * *", journal))
            await Poll.UntilTrueAsync(async () => await Status.ExistsAsync(), "the status was written");
        Assert.Empty(journal.Entries);
        var lastHour = new DateTime(DateTime.UtcNow.Ticks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, DateTimeKind.Utc);
        await Status.UploadAsync(BinaryData.FromObjectAsJson(new ScheduleStatus { Last = lastHour.AddHours(-3), Next = lastHour.AddHours(-2) }), overwrite: true);

        await using (var app = await StartAsync("Tick", "0 0 * * * *", journal))
            await Poll.UntilTrueAsync(() => journal.Count("tick late monitored") == 1, "the missed occurrence was made up for");
        await using (var app = await StartAsync("Tick", "0 0 * * * *", journal))
            await Poll.UntilTrueAsync(() => app.Log.Any(line => line.Contains("Timer of Tick", StringComparison.Ordinal)), "the timer was set");

        var status = JsonSerializer.Deserialize<ScheduleStatus>((await Status.DownloadContentAsync()).Value.Content)!;
        Assert.True(status.Last > lastHour.AddHours(-1), $"the run was not noted: {status.Last:o}");
        Assert.Equal(1, journal.Count("tick late monitored"));
    }

    [Theory]
    [InlineData(1, new[] { "0/2 True", "1/2 True" })]
    [InlineData(9, new[] { "0/2 True", "1/2 True", "2/2 True" })]
    public async Task Retry_FixedDelay_RunsAgainUntilItSucceedsOrGivesUp(int failures, string[] expected)
    {
        var left = failures;
        var journal = new Journal { Act = (_, _) => Interlocked.Decrement(ref left) >= 0 ? throw new InvalidOperationException("no") : Task.CompletedTask };
        await using var app = await StartAsync("Retried", "", journal);

        await Poll.UntilTrueAsync(async () => await StatusOf("Retried").ExistsAsync() && (await StatusOf("Retried").DownloadContentAsync()).Value.Content.ToString() is var status && !status.Contains("Last\":\"0001", StringComparison.Ordinal), "the run was noted");
        Assert.Equal(expected, journal.Entries);
    }

    [Fact]
    public async Task Timer_RunByHand_IsGivenTheStoredStatus()
    {
        await using var app = await StartAsync("TellStatus", "");
        await Poll.UntilTrueAsync(async () => await StatusOf("TellStatus").ExistsAsync(), "the status was written");
        var last = new DateTime(2025, 1, 1, 3, 0, 0, DateTimeKind.Utc);
        await StatusOf("TellStatus").UploadAsync(BinaryData.FromObjectAsJson(new ScheduleStatus { Last = last, Next = last.AddYears(1), LastUpdated = last }), overwrite: true);

        await app.Http.PostAsJsonAsync("/admin/functions/TellStatus", new { });

        await Poll.UntilTrueAsync(() => app.Journal.Count("2025-01-01 03:00:00Z 2026-01-01 03:00:00Z False") == 1, "the function was given the stored status");
        await app.App.RunTimerAsync("TellStatus", TestContext.Current.CancellationToken);
        Assert.Equal(2, app.Journal.Count("2025-01-01 03:00:00Z 2026-01-01 03:00:00Z False"));
    }

    [Fact]
    public async Task Timer_OnTwoReplicas_RunsOnOne()
    {
        var (one, other) = (new Journal(), new Journal());
        await using var first = await StartAsync("Tick", "* * * * * *", one);
        await Poll.UntilTrueAsync(() => one.Entries.Count > 0, "the first replica runs the timer");
        await using var second = await StartAsync("Tick", "* * * * * *", other);

        await Poll.UntilTrueAsync(() => second.Log.Any(line => line.Contains("held by another replica", StringComparison.Ordinal)), "the second replica stands by");
        var sofar = one.Entries.Count;
        await Poll.UntilTrueAsync(() => one.Entries.Count >= sofar + 3, "the first replica goes on");
        Assert.Empty(other.Entries);
        Assert.True(await azurite.Blobs.GetBlobContainerClient("azure-webjobs-hosts").GetBlobClient($"locks/{_hostId}/Host.Functions.Tick.Listener").ExistsAsync());
    }

    private Azure.Storage.Blobs.BlobClient StatusOf(string function) =>
        azurite.Blobs.GetBlobContainerClient("azure-webjobs-hosts").GetBlobClient($"timers/{_hostId}/Host.Functions.{function}/status");

    private Azure.Storage.Blobs.BlobClient Status => StatusOf("Tick");

    private Task<TestApp> StartAsync(string function, string schedule, Journal? journal = null) => TestApp.StartAsync(
        azurite, [function], new() { ["schedule"] = schedule, ["AzureFunctionsWebHost:hostId"] = _hostId }, journal: journal);
}
