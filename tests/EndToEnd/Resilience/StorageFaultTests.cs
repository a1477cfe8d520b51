using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Serverless.Tests.Chaos.Storage;

namespace Serverless.Tests.EndToEnd.Resilience;

/// <summary>Requests of the app to its storage fail at random, in all the ways a network and a busy service have; the files are dropped and looked at undisturbed.</summary>
public sealed class StorageFaultTests(ITestOutputHelper output)
{
    private const double Share = 0.08;

    [Fact]
    public async Task TrainAndScore_RequestsFailAtRandom_EndsAsUndisturbed()
    {
        const string Model = "hard-to-store";
        var seed = Environment.TickCount;
        await using var platform = await LocalPlatform.StartAsync(withApp: false);
        await using var storage = await FaultyStorage.StartAsync(platform.ConnectionString, TestContext.Current.CancellationToken);
        storage.BreakAtRandom(Share, seed);
        await platform.StartAppAsync(connectionString: storage.ConnectionString);

        await platform.DropAsync($"definitions/{Model}.yaml", CreditRisk.Definition(Model));
        await platform.DropAsync($"training-data/{Model}/data.csv", CreditRisk.Training());
        var trained = await platform.WaitForRunAsync("TrainModel", Model);
        output.WriteLine($"Trained with {storage.Failed.Count} failed requests; seed {seed}");
        Assert.Equal("deployed", trained.Outcome);

        // The last one has several chunks.
        var inputs = new[] { 2_000, 2_001, 21_000 }.ToDictionary(rows => $"{Model}/{rows}.csv", CreditRisk.Scoring);
        await Task.WhenAll(inputs.Select(input => platform.DropAsync($"scoring-input/{input.Key}", input.Value)));
        foreach (var (name, input) in inputs)
        {
            var run = await platform.WaitForRunAsync("ScoreFile", Model, r => r.ResultText("output") == $"scoring-output/{name}");
            var rows = input.Count('\n') - 1;
            Assert.Equal((rows, rows, 0), (run.ResultCount("rows"), run.ResultCount("scored"), run.ResultCount("refused")));
            Assert.Equal("1", ScoredFile.AssertWhole(input, await platform.WaitForTextAsync($"scoring-output/{name}")));
        }

        var failed = storage.Failed.Count;
        output.WriteLine($"Scored with {failed} failed requests in all: {string.Join(", ", storage.Failed.CountBy(f => f.Fault).Select(f => $"{f.Value} {f.Key}"))}");
        storage.Mend();
        Assert.True(failed > 10, $"Only {failed} requests failed; seed {seed}");
        var blobs = new BlobServiceClient(platform.ConnectionString);
        Assert.Single(await platform.ListRunsAsync(), r => r.Kind == "TrainModel");
        Assert.Equal(inputs.Count, (await platform.ListRunsAsync()).Count(r => r.Kind == "ScoreFile"));
        Assert.Equal([$"{Model}/versions/1"], (await ListAsync(blobs, "models")).Where(n => n.Contains("/versions/", StringComparison.Ordinal)).Select(n => n[..n.LastIndexOf('/')]).Distinct());
        Assert.Single(await ListAsync(blobs, "models"), n => n.Contains("/deployments/", StringComparison.Ordinal));
        Assert.Single(await ListAsync(blobs, "datasets"), n => n.EndsWith("/manifest.json", StringComparison.Ordinal));
        Assert.Equal(inputs.Keys.Order(StringComparer.Ordinal), await ListAsync(blobs, "scoring-output"));
        Assert.Empty(await ListAsync(blobs, "quarantine"));
        Assert.Empty(await ListPoisonAsync(platform.ConnectionString));
    }

    private static async Task<IReadOnlyList<string>> ListAsync(BlobServiceClient blobs, string container) =>
        await blobs.GetBlobContainerClient(container).GetBlobsAsync().Select(blob => blob.Name).ToListAsync();

    private static async Task<IReadOnlyList<string>> ListPoisonAsync(string connectionString) =>
        await new QueueServiceClient(connectionString).GetQueuesAsync()
            .Select(queue => queue.Name).Where(name => name.EndsWith("poison", StringComparison.Ordinal)).ToListAsync();
}
