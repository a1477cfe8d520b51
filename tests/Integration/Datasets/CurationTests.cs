using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Orchestrations.Datasets;
using Serverless.Orchestrations.Training;
using Serverless.Platform.Datasets;
using Serverless.Platform.Datasets.Contracts;
using Serverless.Platform.Definitions;
using Serverless.Platform.Scoring;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>A model's folder of training data, read where it stands.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class CurationTests(AzuriteFixture azurite) : IDisposable
{
    private readonly string model = "m" + Guid.NewGuid().ToString("N");
    private readonly ScratchSpace scratch = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task CurateAsync_FileThatChangesWhileItIsRead_IsReadInItsLastVersion()
    {
        await DefineAsync();
        await DropAsync("a.csv", DatasetFixture.Csv(200));
        var change = new BeforeFirstDownload($"/{model}/a.csv", () => DropAsync("a.csv", DatasetFixture.Csv(300, seed: 2)));
        var options = new BlobClientOptions();
        options.AddPolicy(change, HttpPipelinePosition.PerCall);

        var result = await CurateAsync(new PlatformStorage(new BlobServiceClient(azurite.ConnectionString, options), azurite.Queues));

        Assert.True(change.IsDone);
        Assert.Equal((CurationResult.Created, 300L), (result.Outcome, result.Rows));
    }

    [Fact]
    public async Task CurateAsync_WithMarkersAwaited_TakesOnlyFoldersThatHaveOne()
    {
        await DefineAsync("\ndata: { complete: marker }");
        await DropAsync("october/a.csv", DatasetFixture.Csv(100, seed: 1));
        await DropAsync("october/b.jsonl", "{\"Status\":\"bad\",\"Age\":30,\"Income\":1,\"Home\":\"own\"}\n");
        var before = await CurateAsync();
        await DropAsync("october/_complete", "");
        var october = await CurateAsync();
        await DropAsync("november/a.csv", DatasetFixture.Csv(100, seed: 2));
        var november = await CurateAsync();
        await DropAsync("_complete", "");
        var all = await CurateAsync();

        Assert.Equal(CurationResult.NoData, before.Outcome);
        Assert.Contains("2 files", Assert.Single(before.Reasons), StringComparison.Ordinal);
        Assert.Equal((CurationResult.Created, 101L, 0), (october.Outcome, october.Rows, october.RefusedFiles));
        Assert.Equal((october.Dataset, 101L), (november.Dataset, november.Rows));
        Assert.Equal((CurationResult.Created, 201L, 0), (all.Outcome, all.Rows, all.RefusedFiles));
    }

    [Fact]
    public async Task CurateAsync_MarkerThatIsNotAwaited_IsNoTable()
    {
        await DefineAsync();
        await DropAsync("a.csv", DatasetFixture.Csv(100));

        await DropAsync("_complete", "");

        var result = await CurateAsync();

        Assert.Equal((CurationResult.Created, 100L, 0), (result.Outcome, result.Rows, result.RefusedFiles));
    }

    [Fact]
    public async Task CurateAsync_FileThatIsNamedByACardNumber_IsNoPartOfTheDataset()
    {
        await DefineAsync();
        await DropAsync("a.csv", DatasetFixture.Csv(100));
        var before = await CurateAsync();
        await DropAsync("cards-4111-1111-1111-1111.csv", DatasetFixture.Csv(200, seed: 2));

        var result = await CurateAsync();

        Assert.Equal((CurationResult.Unchanged, before.Dataset, 100L, 0), (result.Outcome, result.Dataset, result.Rows, result.RefusedFiles));
    }

    [Fact]
    public async Task CurateAsync_SameFilesOnceTheContractStands_AreUnchanged()
    {
        await DefineAsync();
        await DropAsync("a.csv", DatasetFixture.Csv(300, change: (i, f) => i % 30 == 0 ? [f[0], "unknown", f[2], f[3]] : f));

        var (first, again) = (await CurateAsync(), await CurateAsync());

        Assert.Equal((CurationResult.Created, 10L), (first.Outcome, first.RefusedRows));
        Assert.Equal((CurationResult.Unchanged, first.Dataset), (again.Outcome, again.Dataset));
    }

    [Fact]
    public async Task CurateAsync_FileWithTooManyBadRows_IsNamedAndItsReportListsThem()
    {
        await DefineAsync();
        await DropAsync("a.csv", DatasetFixture.Csv(2000));
        await CurateAsync();
        await DropAsync("b.csv", DatasetFixture.Csv(1000, seed: 2, change: (i, f) => i % 5 == 0 ? [f[0], "unknown", f[2], f[3]] : f));

        var result = await CurateAsync();

        var reason = Assert.Single(result.Reasons);
        Assert.Equal((CurationResult.Unchanged, 1), (result.Outcome, result.RefusedFiles));
        Assert.StartsWith($"'training-data/{model}/b.csv' was refused: ", reason, StringComparison.Ordinal);
        Assert.EndsWith($"See quarantine/training-data/{model}/b.csv.report.json.", reason, StringComparison.Ordinal);
        var report = (await azurite.Storage.ReadAsync<RefusalReport>(Containers.Quarantine, $"training-data/{model}/b.csv.report.json", Token))!.Value;
        Assert.Equal((true, 200L, "the first 100 of 200 reasons"), (report.WholeFile, report.RefusedRows, report.Listed));
        Assert.Equal([new RefusalCount("contract.type", "Age", 200)], report.Counts!);
        Assert.Equal((101, 5L), (report.Refusals.Count, report.Refusals[1].Row));
        var page = (await azurite.Storage.Blob(Containers.Quarantine, $"training-data/{model}/b.csv.report.html").DownloadContentAsync(Token)).Value.Content.ToString();
        Assert.Contains("These are the first 100 of 200 reasons", page, StringComparison.Ordinal);
        Assert.Contains("contract.type", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CurateAsync_AllOfSeveralFilesRefused_NamesTheFileOfEachReason()
    {
        await DefineAsync();
        await DropAsync("a.csv", "Status,Age\ngood,\"30\n");
        var alone = await CurateAsync();
        await DropAsync("b.csv", "Status,Age\ngood,30,1\n");

        var both = await CurateAsync();

        Assert.Equal((CurationResult.Refused, CurationResult.Refused), (alone.Outcome, both.Outcome));
        var reason = Assert.Single(alone.Reasons);
        Assert.DoesNotContain("a.csv' was refused", reason, StringComparison.Ordinal);
        Assert.Equal(2, both.Reasons.Count);
        Assert.Equal($"'training-data/{model}/a.csv' was refused: {reason}", both.Reasons[0]);
        Assert.StartsWith($"'training-data/{model}/b.csv' was refused: ", both.Reasons[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task CurateAsync_ColumnOfNumbersInALocalForm_IsWarnedOf()
    {
        await DefineAsync();
        await DropAsync("a.csv", DatasetFixture.Csv(200, delimiter: ';', change: (i, f) => [f[0], f[1], $"{f[2]},{i:D3}", f[3]]));

        var result = await CurateAsync();

        var warning = Assert.Single(result.Warnings!);
        Assert.StartsWith("'Income': 200 of 200 values are numbers with a decimal comma", warning, StringComparison.Ordinal);
        var manifest = await new DatasetStore(azurite.Storage, scratch, TimeProvider.System).ReadManifestAsync(model, result.Dataset!, Token);
        Assert.Contains("a point as decimal sign", Assert.Single(manifest!.Excluded).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4111111111111111", false)]
    [InlineData("4111111111111112", true)]
    public async Task CurateAsync_RefusedFileWithAnIgnoredColumn_IsCopiedOnlyIfThatHoldsNoIdentifiers(string number, bool isCopied)
    {
        await DefineAsync("\nignore: [Card]");
        await DropAsync("a.csv", "Status,Card,Age\n" + string.Concat(Enumerable.Repeat($"good,{number},30\n", 100)));

        var result = await CurateAsync();

        Assert.Equal(CurationResult.Refused, result.Outcome);
        var path = $"training-data/{model}/a.csv";
        Assert.Equal(isCopied, (await azurite.Storage.Blob(Containers.Quarantine, path).ExistsAsync(Token)).Value);
        var report = (await azurite.Storage.ReadAsync<RefusalReport>(Containers.Quarantine, $"{path}.report.json", Token))!.Value;
        var page = (await azurite.Storage.Blob(Containers.Quarantine, $"{path}.report.html").DownloadContentAsync(Token)).Value.Content.ToString();
        Assert.Equal(isCopied, report.NotCopied is null);
        Assert.Equal(!isCopied, page.Contains("No copy of it is kept here: the file holds direct identifiers that the definition does not allow: card numbers.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Age\n4111111111111111\n1,2\n", false)]
    [InlineData("4111111111111111\n5\n", false)]
    [InlineData("Age,Card,Income\n30,4111111111111111,5\n", false)]
    [InlineData("Age\n30\n\u0001\n", false)]
    [InlineData("Age\n30\n1,2\n", true)]
    public async Task RefuseAsync_FileToScore_IsCopiedOnlyIfItHoldsNoIdentifiers(string content, bool isCopied)
    {
        var name = $"{model}/a.csv";
        var uploaded = await azurite.Storage.Blob(Containers.ScoringInput, name).UploadAsync(BinaryData.FromString(content), Token);
        var quarantine = new Quarantine(azurite.Storage, TimeProvider.System, NullLogger<Quarantine>.Instance);

        await new ScoringQuarantine(azurite.Storage, new DefinitionStore(azurite.Storage), quarantine, scratch).RefuseAsync(
            DroppedFile.From(Containers.ScoringInput, name, uploaded.Value.ETag), "run", [new Refusal("why", "what to do")], Token);

        Assert.Equal(isCopied, (await azurite.Storage.Blob(Containers.Quarantine, $"scoring-input/{name}").ExistsAsync(Token)).Value);
        Assert.True((await azurite.Storage.Blob(Containers.Quarantine, $"scoring-input/{name}.report.json").ExistsAsync(Token)).Value);
    }

    [Theory]
    [InlineData(100_000_000_000, null)]
    [InlineData(100_000, "To train on 2")]
    public async Task PrepareTraining_WithMoreOrLessMemoryThanItTakes_PlansOrRefusesWithTheFigures(long available, string? reason)
    {
        await DefineAsync();
        await DropAsync("a.csv", DatasetFixture.Csv(300));
        var dataset = (await CurateAsync()).Dataset;
        var datasets = new DatasetStore(azurite.Storage, scratch, TimeProvider.System);
        using var rows = new DatasetRows(datasets);

        var plan = await new PrepareTraining(new DefinitionStore(azurite.Storage), datasets, rows) { AvailableMemory = available }.Run(new TrainingRequest(model, null, "test"), Token);

        Assert.Equal(reason is null ? dataset : null, plan.Dataset);
        Assert.Equal(reason is null, plan.Definition is not null);
        Assert.Equal(reason is null ? TrainingPolicy.Default.Folds : null, plan.Folds);
        Assert.All(plan.Reasons, r => Assert.Contains($"Dataset {dataset}: {reason}", r, StringComparison.Ordinal));
        Assert.Equal(reason is null ? 0 : 1, plan.Reasons.Count(r => r.Contains("expected at most 80% of the 0.10 MB that there are", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("\ntarget: { column: Status, positive: '4111111111111111' }", false)]
    [InlineData("\nwrong: 4111 1111 1111 1111", false)]
    [InlineData("\n4111-1111-1111-1111: x", false)]
    [InlineData("\n# asked for by jane.doe@example.com\nwrong: x", false)]
    [InlineData("\nwrong: x", true)]
    [InlineData("\nwrong: 4111111111111112", true)]
    public async Task CurateAsync_RefusedDefinition_IsCopiedOnlyWithoutDirectIdentifiers(string more, bool isCopied) =>
        await AssertCopiedAsync($"{model}.yaml", () => DefineAsync(more), isCopied);

    [Theory]
    [InlineData("4111111111111111", false)]
    [InlineData("x", true)]
    public async Task CurateAsync_RefusedContract_IsCopiedOnlyWithoutDirectIdentifiers(string value, bool isCopied)
    {
        await DefineAsync();
        await AssertCopiedAsync(
            $"{model}.contract.yaml",
            () => azurite.Storage.Blob(Containers.Definitions, $"{model}.contract.yaml").UploadAsync(BinaryData.FromString($"wrong: {value}\n"), overwrite: true, Token),
            isCopied);
    }

    private async Task AssertCopiedAsync(string name, Func<Task> drop, bool isCopied)
    {
        await drop();
        var result = await CurateAsync();

        var report = (await azurite.Storage.ReadAsync<RefusalReport>(Containers.Quarantine, $"definitions/{name}.report.json", Token))?.Value;
        Assert.Equal(CurationResult.Refused, result.Outcome);
        Assert.NotNull(report);
        Assert.Equal(isCopied, report.NotCopied is null);
        Assert.Equal(isCopied, (await azurite.Storage.Blob(Containers.Quarantine, $"definitions/{name}").ExistsAsync(Token)).Value);
        var said = string.Join(' ', [.. report.Refusals.SelectMany(r => (string?[])[r.Reason, r.Remedy, r.Column]), .. result.Reasons]);
        Assert.DoesNotContain("4111111111111111", said.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private Task DefineAsync(string more = "") =>
        azurite.Storage.Blob(Containers.Definitions, $"{model}.yaml").UploadAsync(
            BinaryData.FromString(DatasetFixture.Definition.Replace("credit-risk", model, StringComparison.Ordinal) + more), overwrite: true, Token);

    private Task DropAsync(string name, string content) =>
        azurite.Storage.Blob(Containers.TrainingData, $"{model}/{name}").UploadAsync(BinaryData.FromString(content), overwrite: true, Token);

    /// <summary>Reads the folder for the definition's sake: of the files, only the one dropped last may ask for it.</summary>
    [Fact]
    public async Task CurateAsync_ForADefinitionWithFilesDroppedAfterIt_LeavesThemToTheirOwnRun()
    {
        await DefineAsync();
        var etag = (await azurite.Storage.Blob(Containers.Definitions, $"{model}.yaml").GetPropertiesAsync(cancellationToken: Token)).Value.ETag;

        // Blobs know when they were dropped to the second.
        await Task.Delay(TimeSpan.FromSeconds(1.1), Token);
        await DropAsync("a.csv", DatasetFixture.Csv(200));

        Assert.Equal(CurationResult.Superseded, (await CurateAsync(definition: etag.ToString())).Outcome);
        Assert.Equal(CurationResult.Created, (await CurateAsync()).Outcome);
    }

    private Task<CurationResult> CurateAsync(PlatformStorage? storage = null, string definition = "any")
    {
        storage ??= azurite.Storage;
        var curator = new DatasetCurator(
            storage,
            new DefinitionStore(storage),
            new ContractStore(storage),
            new DatasetStore(storage, scratch, TimeProvider.System),
            new Quarantine(storage, TimeProvider.System, NullLogger<Quarantine>.Instance),
            scratch,
            TimeProvider.System,
            NullLogger<DatasetCurator>.Instance);
        return curator.CurateAsync(model, new DroppedFile(Containers.Definitions, $"{model}.yaml", definition), Guid.NewGuid().ToString("N"), Token);
    }

    /// <summary>Does something just before a blob is fetched for the first time.</summary>
    private sealed class BeforeFirstDownload(string path, Func<Task> act) : HttpPipelinePolicy
    {
        public bool IsDone { get; private set; }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (!IsDone && message.Request.Method == RequestMethod.Get && message.Request.Uri.ToUri().AbsolutePath.EndsWith(path, StringComparison.Ordinal))
            {
                IsDone = true;
                await act();
            }

            await ProcessNextAsync(message, pipeline);
        }
    }
}
