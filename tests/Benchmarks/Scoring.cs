using Serverless.Local.Demo;

namespace Serverless.Tests.Benchmarks;

/// <summary>
/// From dropping a file of 100,000 rows, its upload included, to its result being visible; in turn with the plain limit. The app is warm: it
/// has scored a file before. A file of few rows shows what there is to wait for whatever the size.
/// </summary>
internal static class Scoring
{
    private const string Model = "credit-risk";
    private const int Rows = 100_000;
    private const int FewRows = 100;
    private const int Repetitions = 5;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(CancellationToken cancellationToken)
    {
        await using var platform = await BenchmarkPlatform.StartAsync(withApp: true, cancellationToken);
        var sample = await CreditRiskSample.WriteAsync(platform.Checkout, platform.PathOf("sample"), cancellationToken);
        await platform.DeployAsync(Model, sample, cancellationToken);
        var (many, few) = (ScoringRows.Csv(platform.Checkout, Rows), ScoringRows.Csv(platform.Checkout, FewRows));

        await DropAsync(platform, "warm-up.csv", many, Rows, cancellationToken);
        using var plain = await PlainScoring.PrepareAsync(platform.ConnectionString, Model, Input("warm-up.csv"), many, cancellationToken);
        var (platformRates, chunkRates, modelRates, fewTook) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i <= Repetitions; i++)
        {
            var took = await DropAsync(platform, $"many-{i}.csv", many, Rows, cancellationToken);
            var chunkRate = Rate(plain.ScoreChunks, cancellationToken);
            var modelRate = Rate(plain.ScoreColumns, cancellationToken);
            var small = await DropAsync(platform, $"few-{i}.csv", few, FewRows, cancellationToken);

            // The first round warms up this process; it is not counted.
            if (i > 0)
            {
                platformRates.Add(Rows / took.TotalSeconds);
                chunkRates.Add(chunkRate);
                modelRates.Add(modelRate);
                fewTook.Add(small.TotalSeconds);
            }
        }

        var model = new Measurement("scoring: model alone, 1 thread", "rows/s", modelRates);
        var chunks = new Measurement("scoring: parse + model + write, 1 thread", "rows/s", chunkRates, model);
        return
        [
            new Measurement("scoring: 100,000 rows, drop to result", "rows/s", platformRates, chunks),
            chunks,
            model,
            new Measurement("scoring: 100 rows, drop to result", "s", fewTook),
        ];
    }

    /// <summary>Drops a file and waits for its result; checks that it is whole, and that the run is over, before anything else is measured.</summary>
    private static async Task<TimeSpan> DropAsync(BenchmarkPlatform platform, string name, byte[] csv, int rows, CancellationToken cancellationToken)
    {
        var (now, started) = (TimeProvider.System.GetUtcNow(), TimeProvider.System.GetTimestamp());
        await platform.DropAsync(Input(name), csv, cancellationToken);
        var ending = platform.WaitForRunAsync("ScoreFile", Model, now, "scored", cancellationToken);
        await platform.WaitForBlobAsync(Output(name), ending, cancellationToken);
        var took = TimeProvider.System.GetElapsedTime(started);

        var run = await ending;
        var result = await platform.Blob(Output(name)).DownloadContentAsync(cancellationToken);
        var lines = result.Value.Content.ToMemory().Span.Count((byte)'\n');
        return (run.ResultCount("scored"), lines) == (rows, rows + 1)
            ? took
            : throw new BenchmarkFailedException(
                $"{Output(name)} holds {lines} lines and its run counted {run.ResultText("scored")} scored rows; {rows} rows and a header were expected.");
    }

    /// <summary>Rows per second of something that scores all rows.</summary>
    private static double Rate(Func<CancellationToken, long> score, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var scored = score(cancellationToken);
        var took = TimeProvider.System.GetElapsedTime(started);
        return scored == Rows ? scored / took.TotalSeconds : throw new BenchmarkFailedException($"{scored} rows were scored; {Rows} were expected.");
    }

    private static string Input(string name) => $"scoring-input/{Model}/{name}";

    private static string Output(string name) => $"scoring-output/{Model}/{name}";
}
