using Microsoft.Azure.Functions.Worker;
using Serverless.Orchestrations.Runs;
using Serverless.Platform.Datasets;
using Serverless.Platform.Storage;

namespace Serverless.Orchestrations.Datasets;

/// <param name="Model">The model.</param>
/// <param name="Run">The ingestion run.</param>
public sealed record IngestionProgressInput(string Model, string Run);

/// <param name="RowsRead">Rows read by now; null while none are counted.</param>
/// <param name="Pass">Rows read of all there are, once these are counted; else null.</param>
/// <param name="Reading">What they are read for, a constant of <see cref="ReadingPass"/>; null in histories of before it was said.</param>
public sealed record IngestionProgress(long? RowsRead, RunProgress? Pass, string? Reading = null);

/// <summary>Looks how far the reading of a run's files has come.</summary>
/// <remarks>Idempotency key: none is needed, it only reads.</remarks>
public sealed class ReadIngestionProgress(PlatformStorage storage)
{
    [Function(nameof(ReadIngestionProgress))]
    public async Task<IngestionProgress> Run([ActivityTrigger] IngestionProgressInput input, CancellationToken cancellationToken)
    {
        var read = await ReadingReport.ReadAsync(storage, input.Model, input.Run, cancellationToken);
        return new IngestionProgress(
            read?.Rows, read is { Rows: <= int.MaxValue and var rows, Of: <= int.MaxValue and { } all } ? new RunProgress((int)rows, (int)all, RunPart.Rows) : null, read?.Pass);
    }
}
