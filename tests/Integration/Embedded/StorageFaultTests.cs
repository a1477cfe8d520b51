using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Serverless.Tests.Chaos.Storage;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>The host's storage fails in all ways that a network and a busy service have.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class StorageFaultTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const double Share = 0.25;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _name = $"faults-{Guid.NewGuid():n}";
    private readonly int _seed = Random.Shared.Next();
    private FaultyStorage? _storage;

    private FaultyStorage Storage => _storage ?? throw new InvalidOperationException("The proxy is not started.");

    private string HostId => _name[..28];

    public async ValueTask InitializeAsync() => _storage = await FaultyStorage.StartAsync(azurite.ConnectionString, CancellationToken.None);

    public ValueTask DisposeAsync() => Storage.DisposeAsync();

    [Fact]
    public async Task Queue_RequestsFailAtRandom_ProcessesEachMessageAndRepeatsOnlyWhereAnAcknowledgementWasLost()
    {
        var queue = azurite.Queues.GetQueueClient(_name);
        await queue.CreateAsync();
        Dictionary<string, string> ids = [];
        for (var number = 0; number < 20; number++)
            ids[$"m{number}"] = (await queue.SendMessageAsync($"m{number}")).Value.MessageId;
        Storage.BreakAtRandom(Share, _seed);

        await using var app = await StartAsync("QueueText");
        await Poll.UntilTrueAsync(() => ids.Keys.All(text => Runs(app, text) > 0), $"every message was processed (seed {_seed})", Patience);
        await Poll.UntilTrueAsync(async () => (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount == 0, $"the queue is empty (seed {_seed})", Patience);

        Assert.NotEmpty(Storage.Failed);
        Assert.All(ids, message => Assert.True(
            Runs(app, message.Key) - 1 <= Storage.Failed.Count(failed => failed.Request.Path.Contains(message.Value, StringComparison.Ordinal)),
            $"{message.Key} ran {Runs(app, message.Key)} times though its acknowledgement was not lost (seed {_seed})"));
        Assert.False(await azurite.Queues.GetQueueClient($"{_name}-poison").ExistsAsync(), $"seed {_seed}");
    }

    [Fact]
    public async Task Blob_RequestsFailAtRandom_ProcessesEachBlob()
    {
        var container = azurite.Blobs.GetBlobContainerClient(_name);
        await container.CreateAsync();
        var names = Enumerable.Range(0, 6).Select(number => $"b{number}").ToList();
        foreach (var name in names)
            await container.GetBlobClient(name).UploadAsync(BinaryData.FromString(name));
        Storage.BreakAtRandom(Share, _seed);

        await using var app = await StartAsync("BlobText");
        await Poll.UntilTrueAsync(() => names.TrueForAll(name => app.Journal.Count($"{name}={name}") > 0), $"every blob was processed (seed {_seed})", Patience);

        var queue = azurite.Queues.GetQueueClient($"azure-webjobs-blobtrigger-{HostId}");
        await Poll.UntilTrueAsync(async () => (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount == 0, $"the queue is empty (seed {_seed})", Patience);
        var lost = Storage.Failed.Count(failed => failed.Request.Method is not ("GET" or "HEAD"));
        Assert.True(app.Journal.Entries.Count - names.Count <= lost, $"{app.Journal.Entries.Count} runs, {lost} lost acknowledgements (seed {_seed})");
        Assert.DoesNotContain(app.Journal.Entries, entry => entry.Split('=') is not [var name, var content] || name != content);
    }

    [Fact]
    public async Task Timer_StatusIsHardToReadAndWrite_MakesUpForTheMissedOccurrenceOnce()
    {
        var hosts = azurite.Blobs.GetBlobContainerClient("azure-webjobs-hosts");
        await hosts.CreateIfNotExistsAsync();
        var status = hosts.GetBlobClient($"timers/{HostId}/Host.Functions.Tick/status");
        var lastHour = new DateTime(DateTime.UtcNow.Ticks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, DateTimeKind.Utc);
        await status.UploadAsync(BinaryData.FromObjectAsJson(new ScheduleStatus { Last = lastHour.AddHours(-3), Next = lastHour.AddHours(-2) }));
        var requests = 0;
        Storage.Break(request => !request.Path.EndsWith("/status", StringComparison.Ordinal) ? StorageFault.None : Interlocked.Increment(ref requests) switch
        {
            1 => StorageFault.AnswerLost,
            2 => StorageFault.ServerBusy,
            3 => StorageFault.AnswerCut,
            5 => StorageFault.AnswerLost,
            6 => StorageFault.Reset,
            _ => StorageFault.None,
        });

        await using var app = await StartAsync("Tick");
        await Poll.UntilTrueAsync(async () => await LastRunAsync(status) > lastHour.AddHours(-1), "the run was noted");
        await app.StopAsync();
        await using var again = await StartAsync("Tick");
        await Poll.UntilTrueAsync(() => again.Log.Any(line => line.Contains("Timer of Tick", StringComparison.Ordinal)), "the timer was set");

        Assert.Equal(["tick late monitored"], app.Journal.Entries);
        Assert.Empty(again.Journal.Entries);
        Assert.Equal(5, Storage.Failed.Count);
    }

    [Fact]
    public async Task Queue_StorageAwayForAWhile_IsSaidInFewLinesAndGoesOn()
    {
        var queue = azurite.Queues.GetQueueClient(_name);
        await queue.CreateAsync();
        await using var app = await StartAsync("QueueText");
        Storage.Break(_ => StorageFault.Reset);
        await Poll.UntilTrueAsync(() => Storage.Failed.Count > 7, "requests fail");
        await queue.SendMessageAsync("after all");
        Storage.Mend();

        await Poll.UntilTrueAsync(() => Runs(app, "after all") == 1, "the message was processed");
        Assert.InRange(app.Log.Count(line => line.StartsWith("Warning", StringComparison.Ordinal) || line.StartsWith("Error", StringComparison.Ordinal)), 1, 6);
    }

    private static int Runs(TestApp app, string text) => app.Journal.Entries.Count(entry => entry.StartsWith(text + "#", StringComparison.Ordinal));

    private static async Task<DateTime> LastRunAsync(BlobClient status) =>
        (await status.DownloadContentAsync()).Value.Content.ToObjectFromJson<ScheduleStatus>()!.Last;

    private Task<TestApp> StartAsync(string function) => TestApp.StartAsync(azurite, [function], new()
    {
        ["AzureWebJobsStorage"] = Storage.ConnectionString,
        ["AzureFunctionsWebHost:hostId"] = HostId,
        ["queue"] = _name,
        ["container"] = _name,
        ["schedule"] = "0 0 * * * *",
        ["EmbeddedHost:MessageLease"] = "00:00:03",
        // Whether an answer that was lost counts as a try is the service's affair; this is about what comes of it.
        ["AzureFunctionsJobHost:extensions:queues:maxDequeueCount"] = "100",
        ["AzureFunctionsJobHost:extensions:blobs:poisonBlobThreshold"] = "100",
    });
}
