using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Integration.Storage;

[Collection(AzuriteCollection.Name)]
public sealed class QuarantineTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task RefuseFileAsync_ByRunsSideBySide_KeepsTheCopyAndFailsNone()
    {
        var quarantine = new Quarantine(azurite.Storage, TimeProvider.System, NullLogger<Quarantine>.Instance);
        for (var round = 0; round < 5; round++)
        {
            var name = $"{Guid.NewGuid():N}.yaml";
            var content = $"model: {name}\nmistaken: key\n";
            BlobContentInfo dropped = await azurite.Storage.Blob(Containers.Definitions, name).UploadAsync(BinaryData.FromString(content));
            var file = DroppedFile.From(Containers.Definitions, name, dropped.ETag);

            await Task.WhenAll(Enumerable.Range(0, 8).Select(
                run => quarantine.RefuseFileAsync(file, $"run-{run}", [new Refusal("It is mistaken.", "Mend it.")], CancellationToken.None)));

            var copy = await azurite.Storage.Blob(Containers.Quarantine, file.Path).DownloadContentAsync();
            Assert.Equal(content, copy.Value.Content.ToString());
            Assert.True(await azurite.Storage.Blob(Containers.Quarantine, Quarantine.ReportName(file.Container, file.Name)).ExistsAsync());
        }
    }
}
