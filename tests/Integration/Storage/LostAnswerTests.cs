using System.Net;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Platform.Datasets;
using Serverless.Platform.Deployment;
using Serverless.Platform.Scoring;
using Serverless.Platform.Storage;
using Serverless.Tests.Chaos.Storage;
using Serverless.Tests.Integration.Deployment;

namespace Serverless.Tests.Integration.Storage;

/// <summary>A conditional write is carried out and its answer lost: the client's repeat is refused for what the first try wrote, which is nobody else's.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class LostAnswerTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly string model = "m" + Guid.NewGuid().ToString("N");
    private FaultyStorage? faulty;

    private FaultyStorage Faulty => faulty ?? throw new InvalidOperationException("The proxy is not started.");

    /// <summary>The platform's storage by way of the proxy.</summary>
    private PlatformStorage Storage => new(new BlobServiceClient(Faulty.ConnectionString), new QueueServiceClient(Faulty.ConnectionString));

    public async ValueTask InitializeAsync() => faulty = await FaultyStorage.StartAsync(azurite.ConnectionString, CancellationToken.None);

    public ValueTask DisposeAsync() => Faulty.DisposeAsync();

    [Fact]
    public async Task Create_OfADocument_IsKnownAsItsOwn()
    {
        LoseTheAnswer("PUT", "/note.json");

        Assert.True(await Storage.TryCreateAsync(Containers.Models, $"{model}/note.json", new Note("mine"), CancellationToken.None));
        Assert.False(await Storage.TryCreateAsync(Containers.Models, $"{model}/note.json", new Note("another"), CancellationToken.None));
        Assert.Single(Faulty.Failed);
    }

    [Fact]
    public async Task Create_WhereAnotherDocumentStands_IsStillRefused()
    {
        Assert.True(await Storage.TryCreateAsync(Containers.Models, $"{model}/note.json", new Note("another"), CancellationToken.None));
        LoseTheAnswer("PUT", "/note.json");

        Assert.False(await Storage.TryCreateAsync(Containers.Models, $"{model}/note.json", new Note("mine"), CancellationToken.None));
        Assert.Equal("another", (await Storage.ReadAsync<Note>(Containers.Models, $"{model}/note.json", CancellationToken.None))?.Value.Text);
        Assert.Single(Faulty.Failed);
    }

    [Fact]
    public async Task Reserve_OfAVersion_TakesOneNumber()
    {
        var registry = new ModelRegistry(Storage, TimeProvider.System);
        LoseTheAnswer("PUT", $"/{ModelRegistry.LineageFile}");

        var version = await registry.ReserveVersionAsync(model, ModelLineages.Of(model, "run"), CancellationToken.None);

        Assert.Equal(1, version);
        Assert.Equal([1], await registry.ListVersionsAsync(model, CancellationToken.None));
        Assert.Single(Faulty.Failed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Deploy_OfAVersion_IsDoneOnce(int revision)
    {
        var registry = new ModelRegistry(Storage, TimeProvider.System);
        for (var earlier = 1; earlier < revision; earlier++)
        {
            await registry.DeployAsync(model, earlier, $"run-{earlier}", "gate", "earlier", earlier - 1, CancellationToken.None);
        }

        LoseTheAnswer("PUT", "/deployment.json");

        var deployed = await registry.DeployAsync(model, revision, $"run-{revision}", "gate", "better", revision - 1, CancellationToken.None);

        Assert.Equal((revision, revision), (deployed?.Revision, deployed?.Champion));
        Assert.Equal(Enumerable.Range(1, revision), (await registry.ReadHistoryAsync(model, CancellationToken.None)).Select(d => d.Champion));
        Assert.Single(Faulty.Failed);
    }

    [Fact]
    public async Task Publish_OfAResult_IsKnownAsDone()
    {
        var work = new ScoringWork(Storage);
        var plan = await StageAsync(work);
        LoseTheAnswer("PUT", "comp=blocklist");

        var publisher = new ScoringPublisher(work, new Quarantine(Storage, TimeProvider.System, NullLogger<Quarantine>.Instance), NullLogger<ScoringPublisher>.Instance);
        var published = await publisher.PublishAsync(plan, CancellationToken.None);

        Assert.Equal(PublishingOutcome.Published, published.Outcome);
        Assert.Single(Faulty.Failed);
        Assert.EndsWith("1,0.5,good,1,\n", await ReadAsync(Containers.ScoringOutput, plan.File.Name), StringComparison.Ordinal);
    }

    /// <summary>The first request of this kind is carried out and never answered.</summary>
    private void LoseTheAnswer(string method, string pathOrQuery)
    {
        var lost = 0;
        Faulty.Break(request =>
            request.Method == method
            && (WebUtility.UrlDecode(request.Path).EndsWith(pathOrQuery, StringComparison.Ordinal) || request.Query.Contains(pathOrQuery, StringComparison.Ordinal))
            && Interlocked.Exchange(ref lost, 1) == 0
                ? StorageFault.AnswerLost
                : StorageFault.None);
    }

    /// <summary>A file of one row, planned, scored and staged.</summary>
    private async Task<ScoringPlan> StageAsync(ScoringWork work)
    {
        var input = azurite.Storage.Blob(Containers.ScoringInput, $"{model}/a.csv");
        var dropped = await input.UploadAsync(BinaryData.FromString("a\n1\n"));
        var file = DroppedFile.From(Containers.ScoringInput, input.Name, dropped.Value.ETag);
        var chunk = new ScoringChunk(0, new CsvPosition(1, 2, 2), 2, 1);
        var plan = new ScoringPlan(file.InstanceId("score"), model, 1, file, new CsvHeader(new CsvDialect(','), ["a"]), "good", "bad", 1, [chunk]);
        await work.WriteReceiptAsync(plan.Run, 0, new ChunkReceipt(1, 1, 0, []), CancellationToken.None);
        using var block = BinaryData.FromString("1,0.5,good,1,\n").ToStream();
        await work.OutputBlob(plan).StageBlockAsync(ScoredRows.BlockId(plan, 0), block);
        return plan;
    }

    private async Task<string> ReadAsync(string container, string name) =>
        (await azurite.Storage.Blob(container, name).DownloadContentAsync()).Value.Content.ToString();

    private sealed record Note(string Text);
}
