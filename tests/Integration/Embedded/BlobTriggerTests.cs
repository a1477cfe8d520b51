using System.Diagnostics;
using System.Text.Json;
using Azure.Storage.Blobs;

namespace Serverless.Tests.Integration.Embedded;

[Collection(AzuriteCollection.Name)]
public sealed class BlobTriggerTests(AzuriteFixture azurite)
{
    private readonly string _container = $"c-{Guid.NewGuid():n}";
    private readonly string _hostId = $"h-{Guid.NewGuid():n}"[..20];

    [Fact]
    public async Task Blob_Dropped_IsGivenToTheFunctionWithinASecondOrTwo()
    {
        await Container.CreateIfNotExistsAsync();
        await using var app = await StartAsync(["BlobText"]);
        await UploadAsync("first.txt", "1");
        await Poll.UntilTrueAsync(() => app.Journal.Count("first.txt=1") == 1, "the first blob was processed");
        var watch = Stopwatch.StartNew();

        await UploadAsync("folder/second.txt", "2");

        await Poll.UntilTrueAsync(() => app.Journal.Count("folder/second.txt=2") == 1, "the second blob was processed");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"the blob was seen only after {watch.Elapsed}");
    }

    [Fact]
    public async Task Blob_MatchingPattern_GivesItsParts()
    {
        await Container.CreateIfNotExistsAsync();
        await using var app = await StartAsync(["BlobParts", "BlobClientOnly"]);

        await UploadAsync("in/credit/2026/a.csv", "rows");
        await UploadAsync("out/credit/a.csv", "other");

        await Poll.UntilTrueAsync(() => app.Journal.Entries.Count == 3, "three invocations were noted");
        Assert.Equal(
            ["credit/2026:a:rows:" + _container + "/in/credit/2026/a.csv", "in/credit/2026/a.csv 4", "out/credit/a.csv 5"],
            app.Journal.Entries.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Blob_WithMetadata_GivesItAndItsPropertiesByTheirNames()
    {
        await Container.CreateIfNotExistsAsync();
        await using var app = await StartAsync(["BlobData"]);

        await Container.GetBlobClient("a.txt").UploadAsync(BinaryData.FromString("1"), new Azure.Storage.Blobs.Models.BlobUploadOptions { Metadata = new Dictionary<string, string> { ["colour"] = "green" } });

        await Poll.UntilTrueAsync(() => app.Journal.Count("a.txt=1 True green BlobProperties") == 1, "the function was given the blob's metadata");
    }

    [Fact]
    public async Task Blob_DroppedWhileDown_IsPickedUpOnceAndNeverAgain()
    {
        var journal = new Journal();
        await Container.CreateIfNotExistsAsync();
        await using (var app = await StartAsync(["BlobText"], journal))
        {
            await UploadAsync("a.txt", "1");
            await Poll.UntilTrueAsync(() => journal.Count("a.txt=1") == 1, "the blob was processed");
        }

        await UploadAsync("b.txt", "2");
        await using (var app = await StartAsync(["BlobText"], journal))
        {
            await Poll.UntilTrueAsync(() => journal.Count("b.txt=2") == 1, "the blob dropped meanwhile was processed");
            await UploadAsync("a.txt", "3");
            await Poll.UntilTrueAsync(() => journal.Count("a.txt=3") == 1, "the new version was processed");
        }

        Assert.Equal(["a.txt=1", "b.txt=2", "a.txt=3"], journal.Entries);
    }

    [Fact]
    public async Task Blob_ThatKeepsFailing_GoesToThePoisonQueueAndStopsNoOther()
    {
        var journal = new Journal { Act = (entry, _) => entry.StartsWith("bad", StringComparison.Ordinal) ? throw new InvalidDataException(entry) : Task.CompletedTask };
        await Container.CreateIfNotExistsAsync();
        await using var app = await StartAsync(["BlobText"], journal);

        await UploadAsync("bad.txt", "x");
        await UploadAsync("good.txt", "y");

        await Poll.UntilTrueAsync(() => journal.Count("good.txt=y") == 1, "the good blob was processed");
        JsonElement message = default;
        await Poll.UntilTrueAsync(async () => await TakePoisonAsync() is { } found && (message = found).ValueKind == JsonValueKind.Object, "the poison queue has the blob");
        Assert.Equal(5, journal.Count("bad.txt=x"));
        Assert.Equal("Host.Functions.BlobText", message.GetProperty("FunctionId").GetString());
        Assert.Equal("bad.txt", message.GetProperty("BlobName").GetString());
        Assert.Equal(_container, message.GetProperty("ContainerName").GetString());
    }

    [Fact]
    public async Task Receipts_OfVersionsThatAreGone_AreRemoved()
    {
        var journal = new Journal();
        await Container.CreateIfNotExistsAsync();
        await using (var app = await StartAsync(["BlobText"], journal))
        {
            await UploadAsync("kept.txt", "1");
            await UploadAsync("replaced.txt", "1");
            await UploadAsync("deleted.txt", "1");
            await UploadAsync("deleted while down.txt", "1");
            await Poll.UntilTrueAsync(() => journal.Entries.Count == 4, "the blobs were processed");
            await UploadAsync("replaced.txt", "2");
            await Container.DeleteBlobAsync("deleted.txt");
            await Poll.UntilTrueAsync(async () => journal.Entries.Count == 5 && (await ReceiptsAsync()).Count == 3, "the receipts of the gone versions were removed");
        }

        await Container.DeleteBlobAsync("deleted while down.txt");
        await using (var app = await StartAsync(["BlobText"], journal))
            await Poll.UntilTrueAsync(async () => (await ReceiptsAsync()).Count == 2, "the receipt of what went while the app was down was removed");

        Assert.Equal(["kept.txt", "replaced.txt"], (await ReceiptsAsync()).Order());
        Assert.Equal(5, journal.Entries.Count);
    }

    [Fact]
    public async Task Blob_OfAFunctionThatWantsEvents_IsFoundByScanningWithOneWarning()
    {
        await Container.CreateIfNotExistsAsync();
        await using var app = await StartAsync(["BlobOfEvents"]);

        await UploadAsync("a.txt", "1");

        await Poll.UntilTrueAsync(() => app.Journal.Count("a.txt=1") == 1, "the blob was processed");
        var warning = Assert.Single(app.Log, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("EventGrid", StringComparison.Ordinal));
        Assert.Contains("EventGrid: BlobOfEvents. ", warning, StringComparison.Ordinal);
        Assert.Contains("scanned instead", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Container_NotThereYet_IsWaitedFor()
    {
        await using var app = await StartAsync(["BlobText"]);
        await Poll.UntilTrueAsync(() => app.Log.Any(line => line.Contains($"Container {_container} does not exist yet", StringComparison.Ordinal)), "the container was missed");

        await Container.CreateAsync();
        await UploadAsync("a.txt", "1");

        await Poll.UntilTrueAsync(() => app.Journal.Count("a.txt=1") == 1, "the blob was processed");
    }

    [Fact]
    public async Task Blob_WithTheLongestName_IsProcessed()
    {
        var name = string.Join('/', Enumerable.Repeat(new string('n', 99), 10));
        await Container.CreateIfNotExistsAsync();
        await using var app = await StartAsync(["BlobText"]);

        await UploadAsync(name, "1");
        await UploadAsync("with space & ümlaut%2F.txt", "2");

        await Poll.UntilTrueAsync(() => app.Journal.Count($"{name}=1") == 1, "the blob with the long name was processed");
        await Poll.UntilTrueAsync(() => app.Journal.Count("with space & ümlaut%2F.txt=2") == 1, "the blob with the odd name was processed");
    }

    private BlobContainerClient Container => azurite.Blobs.GetBlobContainerClient(_container);

    private Task UploadAsync(string name, string content) => Container.GetBlobClient(name).UploadAsync(BinaryData.FromString(content), overwrite: true);

    private async Task<IReadOnlyList<string>> ReceiptsAsync()
    {
        var names = new List<string>();
        await foreach (var receipt in azurite.Blobs.GetBlobContainerClient("azure-webjobs-hosts").GetBlobsAsync(prefix: $"blobreceipts/{_hostId.TrimEnd('-')}/"))
            names.Add(receipt.Name.Split('/', 6)[5]);
        return names;
    }

    private async Task<JsonElement?> TakePoisonAsync()
    {
        var poison = azurite.Queues.GetQueueClient("webjobs-blobtrigger-poison");
        if (!await poison.ExistsAsync())
            return null;
        // The queue is shared with the other tests: theirs are passed over.
        var messages = (await poison.PeekMessagesAsync(32)).Value.Select(message => message.Body.ToObjectFromJson<JsonElement>());
        return messages.Cast<JsonElement?>().FirstOrDefault(message => message!.Value.GetProperty("ContainerName").GetString() == _container);
    }

    private Task<TestApp> StartAsync(string[] functions, Journal? journal = null) => TestApp.StartAsync(
        azurite, functions, new() { ["container"] = _container, ["AzureFunctionsWebHost:hostId"] = _hostId.TrimEnd('-') }, journal: journal);
}
