using System.Collections.Concurrent;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Serverless.Orchestrations.Datasets;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>Files whose names hold a direct identifier: refused at the door, and it stands nowhere but in the name they were dropped by.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class IdentifierNameTests(AzuriteFixture azurite)
{
    private readonly string model = "m" + Guid.NewGuid().ToString("N")[..12];
    private readonly Lines log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Containers.TrainingData, "{0}/4111111111111111.csv")]
    [InlineData(Containers.TrainingData, "{0}/2026/cards-4111-1111-1111-1111.csv")]
    [InlineData(Containers.TrainingData, "{0}/4111_1111_1111_1111/a.csv")]
    [InlineData(Containers.ScoringInput, "{0}/4111 1111 1111 1111.jsonl")]
    [InlineData(Containers.ScoringInput, "4111111111111111/{0}.csv")]
    [InlineData(Containers.Definitions, "4111111111111111-{0}.yaml")]
    [InlineData(Containers.TrainingData, "{0}/DE89370400440532013000.csv", "IBAN")]
    [InlineData(Containers.TrainingData, "{0}/of-DE89_3704_0044_0532_0130_00/a.csv", "IBAN")]
    [InlineData(Containers.TrainingData, "{0}/jane.doe@example.com.csv", "e-mail address")]
    [InlineData(Containers.TrainingData, "{0}/jane@example.com/a.csv", "e-mail address")]
    [InlineData(Containers.ScoringInput, "{0}/2026/jane@mail.example.com (2).jsonl.gz", "e-mail address")]
    [InlineData(Containers.Definitions, "{0} jane@example.com.yaml", "e-mail address")]
    public async Task AcceptAsync_NameWithADirectIdentifier_IsRefusedAndWrittenNowhere(string container, string pattern, string kind = "card number")
    {
        var name = pattern.Replace("{0}", model, StringComparison.Ordinal);
        await azurite.Storage.Blob(container, name).UploadAsync(BinaryData.FromString("Status\nbad\n"), overwrite: true, Token);

        await AcceptAsync(container, name);
        var report = Assert.Single(await FindAsync(Containers.Quarantine, "report.json"));
        var refused = await ReportAsync(report.Name);
        await AcceptAsync(container, name);

        Assert.Contains($"[{kind}]", Assert.Single(refused.Refusals).Reason, StringComparison.Ordinal);
        Assert.Contains("under another name", refused.Refusals[0].Remedy, StringComparison.Ordinal);
        Assert.Equal(report.Properties.ETag, Assert.Single(await FindAsync(Containers.Quarantine, "report.json")).Properties.ETag);
        var page = Assert.Single(await FindAsync(Containers.Quarantine, "report.html")).Name;
        var html = await azurite.Storage.Blob(Containers.Quarantine, page).DownloadContentAsync(Token);
        Assert.NotEmpty(log.All);
        Assert.All(
            [.. await NamesAsync(Containers.Quarantine), .. await NamesAsync(Containers.Ledger), .. log.All, Json(refused), html.Value.Content.ToString()],
            text => Assert.False(IdentifierNames.HoldsIdentifier(text), text));
    }

    [Fact]
    public async Task AcceptAsync_TwoNamesWithCardNumbers_HaveAReportEach()
    {
        foreach (var name in (string[])[$"{model}/4111111111111111.csv", $"{model}/5555555555554444.csv"])
        {
            await azurite.Storage.Blob(Containers.TrainingData, name).UploadAsync(BinaryData.FromString("Status\nbad\n"), overwrite: true, Token);
            await AcceptAsync(Containers.TrainingData, name);
        }

        Assert.Equal(2, (await FindAsync(Containers.Quarantine, "report.json")).Count);
    }

    [Fact]
    public async Task AcceptAsync_FileThatIsGone_IsNotLoggedByItsCardNumber()
    {
        await AcceptAsync(Containers.TrainingData, $"{model}/4111111111111111.csv");

        Assert.Contains("[card number].csv", Assert.Single(log.All), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("credit/4111111111111112.csv")]
    [InlineData("credit/2026-01-31T12-30-15.csv")]
    [InlineData("credit/20260131123015.csv")]
    [InlineData("credit/part-00000-tid-4111111111111111110-3f6f9b0e-0c0e-4a52-9a5b-7c0f1d2e3f4a-0-c000.snappy.parquet")]
    [InlineData("credit/2024/0131/export.csv")]
    [InlineData("credit/a@b.csv")]
    [InlineData("credit/a@b.csv/part-0@eu-west.snappy.parquet")]
    [InlineData("credit/sales@2026-11-22.v2.jsonl.gz")]
    [InlineData("credit/@example.com.csv")]
    [InlineData("credit/DE89370400440532013001.csv")]
    [InlineData("credit/no72-2026-11-22.csv")]                          // passes an IBAN's check by chance
    public void HoldsIdentifier_OtherNames_IsFalse(string name) => Assert.False(IdentifierNames.HoldsIdentifier(name));

    [Fact]
    public async Task ListModelsAsync_DefinitionThatIsNamedByACardNumber_IsNotListed()
    {
        await azurite.Storage.Blob(Containers.Definitions, "5555555555554444.yaml").UploadAsync(BinaryData.FromString("model: x"), overwrite: true, Token);
        await azurite.Storage.Blob(Containers.Definitions, $"{model}.yaml").UploadAsync(BinaryData.FromString("model: x"), overwrite: true, Token);

        var models = await new DefinitionStore(azurite.Storage).ListModelsAsync(Token);

        Assert.Contains(model, models);
        Assert.DoesNotContain("5555555555554444", models);
    }

    /// <summary>No run is started, so nothing is asked of the client that is not there.</summary>
    private Task AcceptAsync(string container, string name) => new DropIntake(
        new DropLedger(azurite.Storage), new Quarantine(azurite.Storage, TimeProvider.System, new Logger<Quarantine>(log)), azurite.Storage, new Logger<DropIntake>(log))
        .AcceptAsync(null!, container, name, Token);

    private async Task<List<BlobItem>> FindAsync(string container, string end)
    {
        var found = new List<BlobItem>();
        await foreach (var blob in azurite.Storage.Container(container).GetBlobsAsync(cancellationToken: Token))
        {
            if (blob.Name.Contains(model, StringComparison.Ordinal) && blob.Name.EndsWith(end, StringComparison.Ordinal)) found.Add(blob);
        }

        return found;
    }

    private async Task<List<string>> NamesAsync(string container)
    {
        var names = new List<string>();
        await foreach (var blob in azurite.Storage.Container(container).GetBlobsAsync(cancellationToken: Token)) names.Add(blob.Name);
        return names;
    }

    private async Task<RefusalReport> ReportAsync(string name) =>
        (await azurite.Storage.ReadAsync<RefusalReport>(Containers.Quarantine, name, Token))?.Value ?? throw new InvalidOperationException($"There is no {name}.");

    private static string Json(RefusalReport report) => System.Text.Json.JsonSerializer.Serialize(report);

    /// <summary>What is logged, line by line.</summary>
    private sealed class Lines : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> lines = [];

        public IReadOnlyCollection<string> All => lines;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("There is one log.");

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception));

        public void Dispose() { }
    }
}
