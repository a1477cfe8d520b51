using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Platform;
using Serverless.Platform.Datasets;
using Serverless.Platform.Deployment;
using Serverless.Platform.Scoring;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Benchmarks;

/// <summary>The yardsticks of scoring: the same model, the same bytes and the same chunks in this process, on one thread, without queue and storage.</summary>
internal sealed class PlainScoring : IDisposable
{
    private readonly ScoringPlan plan;
    private readonly ModelSession session;
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> chunks;
    private readonly IReadOnlyList<FeatureTable> columns;

    private PlainScoring(ScoringPlan plan, ModelSession session, byte[] csv)
    {
        (this.plan, this.session) = (plan, session);
        chunks = [.. plan.Chunks.Select(c => new ReadOnlyMemory<byte>(csv, (int)c.Start.Offset, c.Length))];
        columns = [.. plan.Chunks.Select((c, i) => RowParser.Parse(plan.Header, c, chunks[i], session.Signature).Features)];
    }

    /// <summary>Takes the deployed version from the registry, and has the platform's own planner cut a file that was dropped at a path with these bytes.</summary>
    public static async Task<PlainScoring> PrepareAsync(string connectionString, string model, string path, byte[] csv, CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create(PlatformServices.StorageSetting, (string?)connectionString)])
            .Build();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddPlatformStorage(configuration)
            .AddDatasets()
            .AddModelRegistry()
            .AddScoring()
            .BuildServiceProvider();
        var (container, name) = path.Split('/', 2) is [var first, var rest] ? (first, rest) : throw new ArgumentException($"{path} has no container.", nameof(path));
        var properties = await services.GetRequiredService<PlatformStorage>().Blob(container, name).GetPropertiesAsync(cancellationToken: cancellationToken);
        var planned = await services.GetRequiredService<ScoringPlanner>().PlanAsync(
            "plain-limit", model, DroppedFile.From(container, name, properties.Value.ETag), cancellationToken);
        var plan = planned.Plan ?? throw new BenchmarkFailedException($"{path} could not be planned: {string.Join("; ", planned.Refusals.Select(r => r.Reason))}");

        var registry = services.GetRequiredService<ModelRegistry>();
        var signature = await registry.ReadVersionFileAsync<ModelSignature>(model, plan.Version, ModelRegistry.SignatureFile, cancellationToken)
            ?? throw new BenchmarkFailedException($"Version {plan.Version} of {model} has no signature.");
        var onnx = await registry.DownloadAsync(model, plan.Version, ModelRegistry.OnnxFile, cancellationToken);
        return new PlainScoring(plan, new ModelSession(onnx, signature), csv);
    }

    /// <summary>Parses, scores and writes each chunk, as a worker does with a chunk it has in memory; gives the rows scored.</summary>
    public long ScoreChunks(CancellationToken cancellationToken)
    {
        var scored = 0L;
        for (var i = 0; i < chunks.Count; i++)
        {
            scored += ChunkScorer.Score(plan, plan.Chunks[i], chunks[i], session, learner: null, cancellationToken).Receipt.Scored;
        }

        return scored;
    }

    /// <summary>Runs the model alone, on columns that are parsed already; gives the rows scored.</summary>
    public long ScoreColumns(CancellationToken cancellationToken) => columns.Sum(table => (long)session.Score(table, cancellationToken).Length);

    public void Dispose() => session.Dispose();
}
