using Azure.Storage.Blobs;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Integration.Storage;

[Collection(AzuriteCollection.Name)]
public sealed class DropLedgerTests(AzuriteFixture azurite)
{
    private readonly DropLedger ledger = new(azurite.Storage);
    private readonly string container = "in-" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Unrecorded_OfAContainer_IsWhatIsNewOrChanged()
    {
        var files = await FillAsync("m/a.csv", "m/b.csv", "m/b/c.csv", "m/d.csv", "m-b/a.csv", "z.csv");
        foreach (var name in (string[])["m/a.csv", "m/b.csv", "m/b/c.csv", "m-b/a.csv", "m/gone.csv"])
        {
            await ledger.RecordAsync(await FileAsync(files, name), "a-run", CancellationToken.None);
        }

        await files.GetBlobClient("m/b.csv").UploadAsync(BinaryData.FromString("changed"), overwrite: true);

        Assert.Equal(["m/b.csv", "m/d.csv", "z.csv"], await UnrecordedAsync());
    }

    [Fact]
    public async Task Unrecorded_OfManyFiles_MissesNoneAndDoublesNone()
    {
        var files = await FillAsync([.. Enumerable.Range(0, 300).Select(i => $"m/{i}.csv")]);
        foreach (var i in Enumerable.Range(0, 300).Where(i => i % 3 != 0))
        {
            await ledger.RecordAsync(await FileAsync(files, $"m/{i}.csv"), "a-run", CancellationToken.None);
        }

        Assert.Equal(
            Enumerable.Range(0, 300).Where(i => i % 3 == 0).Select(i => $"m/{i}.csv").Order(StringComparer.Ordinal), await UnrecordedAsync());
    }

    [Fact]
    public async Task Contains_AfterTheFileChanged_IsFalseAgain()
    {
        var files = await FillAsync("m/a.csv");
        var before = await FileAsync(files, "m/a.csv");
        await ledger.RecordAsync(before, "a-run", CancellationToken.None);
        await files.GetBlobClient("m/a.csv").UploadAsync(BinaryData.FromString("changed"), overwrite: true);

        Assert.True(await ledger.ContainsAsync(before, CancellationToken.None));
        Assert.False(await ledger.ContainsAsync(await FileAsync(files, "m/a.csv"), CancellationToken.None));
    }

    private async Task<BlobContainerClient> FillAsync(params string[] names)
    {
        var files = azurite.Blobs.GetBlobContainerClient(container);
        await files.CreateIfNotExistsAsync();
        await Parallel.ForEachAsync(names, async (name, token) => await files.GetBlobClient(name).UploadAsync(BinaryData.FromString(name), overwrite: true, token));
        return files;
    }

    private async Task<DroppedFile> FileAsync(BlobContainerClient files, string name)
    {
        var blob = files.GetBlobClient(name);
        return await blob.ExistsAsync()
            ? DroppedFile.From(container, name, (await blob.GetPropertiesAsync()).Value.ETag)
            : new DroppedFile(container, name, "0x0");
    }

    private async Task<List<string>> UnrecordedAsync()
    {
        var names = new List<string>();
        await foreach (var file in ledger.UnrecordedAsync(container, CancellationToken.None))
        {
            names.Add(file.Name);
        }

        return names;
    }
}
