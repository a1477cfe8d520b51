using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Datasets;
using Serverless.Platform.Storage;

namespace Serverless.Orchestrations.Datasets;

/// <param name="Model">The model whose folder is read.</param>
/// <param name="Cause">The dropped file that asks for it.</param>
/// <param name="Run">The ingestion run.</param>
public sealed record CurationInput(string Model, DroppedFile Cause, string Run);

/// <summary>Reads a model's folder of training data and makes a dataset version of it.</summary>
/// <remarks>Idempotency key: the dataset's version, a hash of its content; the run that wrote its manifest is the one that created it.</remarks>
public sealed class CurateDataset(DatasetCurator curator)
{
    [Function(nameof(CurateDataset))]
    public Task<CurationResult> Run([ActivityTrigger] CurationInput input, CancellationToken cancellationToken) =>
        curator.CurateAsync(input.Model, input.Cause, input.Run, cancellationToken);
}
