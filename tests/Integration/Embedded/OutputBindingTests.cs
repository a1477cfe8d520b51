using System.Net;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace Serverless.Tests.Integration.Embedded;

[Collection(AzuriteCollection.Name)]
public sealed class OutputBindingTests(AzuriteFixture azurite)
{
    private readonly string _queue = $"q-{Guid.NewGuid():n}";
    private readonly string _outQueue = $"out-{Guid.NewGuid():n}";
    private readonly string _container = $"c-{Guid.NewGuid():n}";

    [Fact]
    public async Task QueueOutput_OfTheResult_CreatesTheQueueAndSends()
    {
        await using var app = await StartAsync("ReturnToQueue");

        await SendAsync("nothing");
        await SendAsync("hello");

        await Poll.UntilTrueAsync(async () => (await SentAsync()).Count > 0, "the output was sent");
        Assert.Equal(["hello"], await SentAsync());
        await Poll.UntilTrueAsync(IsEmptyAsync, "both messages were deleted");
        Assert.Equal(["hello", "nothing"], app.Journal.Entries.Order());
    }

    [Fact]
    public async Task BlobOutput_WithExpressions_TakesThemFromTheMessage()
    {
        await using var app = await StartAsync("ReturnToBlob");

        await SendAsync("""{ "id": "o-7", "quantity": 3, "customer": { "City": "Bonn" } }""");

        await Poll.UntilTrueAsync(async () => (await BlobNamesAsync()).Count > 0, "the blob was written");
        var name = Assert.Single(await BlobNamesAsync());
        Assert.Matches("^orders/o-7/Bonn-[0-9a-f-]{36}\\.json$", name);
        Assert.Equal("""{"Id":"o-7","Quantity":3}""", await ReadAsync(name));
    }

    [Fact]
    public async Task Outputs_OfProperties_AreWrittenBesideTheAnswer()
    {
        await using var app = await StartAsync("PostReceipt");

        using var answer = await app.Http.PostAsync("api/receipts/r1", null);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("r1", await answer.Content.ReadAsStringAsync());
        Assert.Equal([1, 2], (await SentAsync()).Select(message => JsonDocument.Parse(message).RootElement.GetProperty("Quantity").GetInt32()));
        Assert.Equal("""{"Id":"r1","Quantity":3}""", await ReadAsync("receipts/r1.json"));
    }

    [Fact]
    public async Task Output_ThatCannotBeWritten_FailsTheInvocationUntilItGoesToPoison()
    {
        await using var app = await StartAsync("ReturnCopies", new() { ["AzureFunctionsJobHost:extensions:queues:maxDequeueCount"] = "2" });

        await SendAsync("No Container");

        var poison = azurite.Queues.GetQueueClient($"{_queue}-poison");
        await Poll.UntilTrueAsync(async () => await poison.ExistsAsync() && (await poison.PeekMessagesAsync()).Value.Length == 1, "the poison queue has the message");
        Assert.Equal(2, app.Journal.Entries.Count);
        Assert.Contains(app.Log, line => line.Contains("The function 'ReturnCopies' succeeded, but its blob output 'Text' could not be written: FormatException: The blob path 'No Container/copy.txt' begins with", StringComparison.Ordinal));
    }

    [Fact]
    public async Task BlobOutput_OfABlobTrigger_TakesThePartsOfItsPath()
    {
        await Container.CreateIfNotExistsAsync();
        await using var app = await StartAsync("CopyBlob");

        await Container.GetBlobClient("in/deep/a.bin").UploadAsync(new BinaryData(new byte[] { 1, 2, 3 }));

        await Poll.UntilTrueAsync(async () => await Container.GetBlobClient("out/deep/a.bin").ExistsAsync(), "the copy was written");
        Assert.Equal([3, 2, 1], (await Container.GetBlobClient("out/deep/a.bin").DownloadContentAsync()).Value.Content.ToArray());
    }

    [Fact]
    public async Task QueueOutput_ToAQueueOfTheSameApp_RunsItsFunctionAtOnce()
    {
        // The receiving listener would look again only after a minute.
        await using var app = await TestApp.StartAsync(
            azurite, ["ReturnToQueue", "QueueSecond"], new() { ["queue"] = _queue, ["out-queue"] = _outQueue, ["AzureFunctionsJobHost:extensions:queues:maxPollingInterval"] = "00:01:00" });
        await SendAsync("1");

        await Poll.UntilTrueAsync(() => app.Journal.Count("second 1") == 1, "the second function ran");
    }

    [Fact]
    public async Task BlobInput_OfEachType_GivesTheBlobs()
    {
        await Container.CreateIfNotExistsAsync();
        await Container.GetBlobClient("texts/1.txt").UploadAsync(new BinaryData("one"));
        await Container.GetBlobClient("texts/2.txt").UploadAsync(new BinaryData("two"));
        await Container.GetBlobClient("order.json").UploadAsync(new BinaryData("""{"id":"a","quantity":9}"""));
        await using var app = await StartAsync("InputMany");

        await SendAsync("m");

        var expected = $"m one+two {_container.Length} 9 one 3 order.json+texts/1.txt+texts/2.txt False blob+queueTrigger";
        await Poll.UntilTrueAsync(() => app.Journal.Entries.Count == 1 || app.Log.Any(line => line.StartsWith("Error", StringComparison.Ordinal)), "the function ran");
        Assert.Equal([expected], app.Journal.Entries);
    }

    [Fact]
    public async Task BlobInput_ThatIsMissing_FailsTheInvocationAndSaysWhich()
    {
        await Container.CreateIfNotExistsAsync();
        await using var app = await StartAsync("InputText");

        await SendAsync("no.txt");

        await Poll.UntilTrueAsync(() => app.Log.Any(line => line.Contains($"takes the blob '{_container}/no.txt', which does not exist", StringComparison.Ordinal)), "the failure was logged");
        Assert.Empty(app.Journal.Entries);
    }

    private QueueClient Queue => azurite.Queues.GetQueueClient(_queue);

    private BlobContainerClient Container => azurite.Blobs.GetBlobContainerClient(_container);

    private async Task SendAsync(string message)
    {
        await Queue.CreateIfNotExistsAsync();
        await Queue.SendMessageAsync(message);
    }

    private async Task<IReadOnlyList<string>> SentAsync()
    {
        try
        {
            return [.. (await azurite.Queues.GetQueueClient(_outQueue).PeekMessagesAsync(32)).Value.Select(message => message.Body.ToString())];
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return [];
        }
    }

    private async Task<IReadOnlyList<string>> BlobNamesAsync()
    {
        var names = new List<string>();
        if (await Container.ExistsAsync())
        {
            await foreach (var blob in Container.GetBlobsAsync())
                names.Add(blob.Name);
        }

        return names;
    }

    private async Task<string> ReadAsync(string name) => (await Container.GetBlobClient(name).DownloadContentAsync()).Value.Content.ToString();

    private async Task<bool> IsEmptyAsync() => (await Queue.GetPropertiesAsync()).Value.ApproximateMessagesCount == 0;

    private Task<TestApp> StartAsync(string function, Dictionary<string, string>? settings = null) => TestApp.StartAsync(
        azurite, [function], new Dictionary<string, string>(settings ?? [])
        {
            ["queue"] = _queue,
            ["out-queue"] = _outQueue,
            ["container"] = _container,
            ["AzureFunctionsWebHost:hostId"] = $"h-{_queue[2..16]}",
        });
}
