using Microsoft.Extensions.Logging.Abstractions;
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

            var seen = await Poll.UntilAsync(token => ReadingReport.ReadAsync(azurite.Storage, model, run, token), "the progress to be written", TimeSpan.FromMinutes(1), Token);
            Assert.Equal(new ReadingProgress(50_000, 60_000), seen);
        }

        Assert.Null(await ReadingReport.ReadAsync(azurite.Storage, model, run, Token));
        Assert.Empty(await azurite.Storage.ListAsync(Containers.Datasets, $"{model}/", Token));
    }
}
