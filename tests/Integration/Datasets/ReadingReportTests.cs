using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Orchestrations.Datasets;
using Serverless.Platform.Datasets;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Integration.Datasets;

[Collection(AzuriteCollection.Name)]
public sealed class ReadingReportTests(AzuriteFixture azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Report_WhileFilesAreRead_IsSeenByOthersAndGoneAfterwards()
    {
        var (model, run) = ("m" + Guid.NewGuid().ToString("N"), "run-1");
        using var fixture = new DatasetFixture();
        await using (var report = ReadingReport.Start(azurite.Storage, model, run, TimeProvider.System, NullLogger.Instance))
        {
            await fixture.BuildAsync(new DatasetBuilder { Progress = report }, DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(60_000)));

            var seen = await Poll.UntilAsync(
                async token => await ReadingReport.ReadAsync(azurite.Storage, model, run, token) is { Rows: > 0, Of: not null } progress ? progress : null, "the progress to be written", TimeSpan.FromMinutes(1), Token);
            Assert.Equal(new ReadingProgress(50_000, 60_000, ReadingPass.Loading), seen);
        }

        Assert.Null(await ReadingReport.ReadAsync(azurite.Storage, model, run, Token));
        Assert.Empty(await azurite.Storage.ListAsync(Containers.Datasets, $"{model}/", Token));
    }

    [Fact]
    public async Task Report_OfBothReadings_SaysWhichItIs()
    {
        using var fixture = new DatasetFixture();
        var seen = new List<ReadingProgress>();

        await fixture.BuildAsync(new DatasetBuilder { Progress = new Each(seen.Add) }, DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(110_000)));

        Assert.Equal(
            [
                new(50_000, null, ReadingPass.Inspecting), new(100_000, null, ReadingPass.Inspecting),
                new(0, 110_000, ReadingPass.Loading), new(50_000, 110_000, ReadingPass.Loading), new(100_000, 110_000, ReadingPass.Loading),
            ],
            seen);
    }

    [Fact]
    public async Task ReadIngestionProgress_OfEitherReading_SaysWhichItIs()
    {
        var (model, run) = ("m" + Guid.NewGuid().ToString("N"), "run-2");
        foreach (var read in (ReadingProgress[])[new(50_000, null, ReadingPass.Inspecting), new(0, 60_000, ReadingPass.Loading), new(50_000)])
        {
            await azurite.Storage.WriteAsync(Containers.Datasets, $"{model}/progress/{run}.json", read, Token);

            var progress = await new ReadIngestionProgress(azurite.Storage).Run(new IngestionProgressInput(model, run), Token);

            Assert.Equal((read.Rows, read.Pass, (int?)read.Of), (progress.RowsRead, progress.Reading, progress.Pass?.Total));
            Assert.Equal(read.Of is null ? null : "rows", progress.Pass?.Of);
        }
    }

    private sealed class Each(Action<ReadingProgress> act) : IProgress<ReadingProgress>
    {
        public void Report(ReadingProgress value) => act(value);
    }
}
