using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Serverless.Embedded.FunctionsWorker.Blobs;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>A queue holds the same message twice, or gives messages out of turn: a sender repeats itself when the answer to its first try was lost.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class RepeatedMessageTests(AzuriteFixture azurite)
{
    private readonly string _name = $"repeated-{Guid.NewGuid():n}";

    private string HostId => _name[..28];

    private QueueClient BlobQueue => azurite.Queues.GetQueueClient(BlobTriggerQueue.NameFor(HostId));

    [Fact]
    public async Task Queue_SameMessageTwice_RunsTwiceEachAnInvocationOfItsOwnAndCompletesBoth()
    {
        var queue = azurite.Queues.GetQueueClient(_name);
        await queue.CreateAsync();
        var first = (await queue.SendMessageAsync("same")).Value.MessageId;
        var second = (await queue.SendMessageAsync("same")).Value.MessageId;

        await using var app = await StartAsync("QueueInvocation");
        await Poll.UntilTrueAsync(() => IsEmptyAsync(queue), "both messages were completed");

        var runs = app.Journal.Entries.Select(entry => entry.Split(' ')).ToList();
        Assert.Equal(new[] { first, second }.Order(), runs.Select(run => run[0]).Order());
        Assert.Equal(2, runs.Select(run => run[1]).Distinct().Count());
        Assert.All(runs, run => Assert.Equal("1", run[2]));
        Assert.False(await azurite.Queues.GetQueueClient($"{_name}-poison").ExistsAsync());
    }

    [Fact]
    public async Task Blob_MessageOfAnEarlierVersionComesLast_IsPassedOver()
    {
        var blob = await DropAsync("old");
        var old = (await blob.GetPropertiesAsync()).Value.ETag;
        await using var app = await StartAsync("BlobText");
        await Poll.UntilTrueAsync(() => app.Journal.Count("a=old") == 1, "the first version was processed");
        await blob.UploadAsync(BinaryData.FromString("new"), overwrite: true);
        await Poll.UntilTrueAsync(() => app.Journal.Count("a=new") == 1, "the second version was processed");

        await SendAsync(old.ToString("H"));

        await Poll.UntilTrueAsync(() => app.Log.Count(line => line.Contains("it was replaced", StringComparison.Ordinal)) == 1, "the old message was passed over");
        await Poll.UntilTrueAsync(() => IsEmptyAsync(BlobQueue), "the message was completed");
        Assert.Equal(["a=old", "a=new"], app.Journal.Entries);
    }

    /// <summary>As with the genuine host, which asks a message for its version and no receipt for whether it ran: a blob's function, too, runs at least once.</summary>
    [Fact]
    public async Task Blob_MessageOfTheSameVersionComesAgain_RunsAgainAndIsCompleted()
    {
        var blob = await DropAsync("same");
        var version = (await blob.GetPropertiesAsync()).Value.ETag;
        await using var app = await StartAsync("BlobText");
        await Poll.UntilTrueAsync(() => app.Journal.Count("a=same") == 1, "the blob was processed");

        await SendAsync(version.ToString("H"));

        await Poll.UntilTrueAsync(() => app.Journal.Count("a=same") == 2, "the repeated message was processed");
        await Poll.UntilTrueAsync(() => IsEmptyAsync(BlobQueue), "the message was completed");
        Assert.Equal(2, app.Journal.Entries.Count);
    }

    private static async Task<bool> IsEmptyAsync(QueueClient queue) => (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount == 0;

    private async Task<BlobClient> DropAsync(string content)
    {
        var container = azurite.Blobs.GetBlobContainerClient(_name);
        await container.CreateAsync();
        await container.GetBlobClient("a").UploadAsync(BinaryData.FromString(content));
        return container.GetBlobClient("a");
    }

    private Task SendAsync(string etag) => new QueueServiceClient(azurite.ConnectionString).GetQueueClient(BlobQueue.Name)
        .SendMessageAsync(new BlobTriggerMessage("Host.Functions.BlobText", nameof(BlobType.Block), _name, "a", etag).Encoded());

    private Task<TestApp> StartAsync(string function) => TestApp.StartAsync(
        azurite, [function], new() { ["queue"] = _name, ["container"] = _name, ["AzureFunctionsWebHost:hostId"] = HostId });
}
