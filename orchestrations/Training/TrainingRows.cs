using Serverless.Platform.Datasets;

namespace Serverless.Orchestrations.Training;

/// <summary>
/// The training rows of the dataset that was asked for last, so that the trials of a run need not read them one after the other. A dataset
/// version never changes, so rows in memory are as good as those read anew; memory that is needed elsewhere is given back.
/// </summary>
public sealed class TrainingRows(DatasetStore datasets) : IDisposable
{
    private readonly SemaphoreSlim reading = new(1);
    private readonly WeakReference<LabeledTable?> latest = new(null);
    private string? name;

    public async Task<LabeledTable> ReadAsync(string model, string dataset, CancellationToken cancellationToken)
    {
        var wanted = $"{model}/{dataset}";
        await reading.WaitAsync(cancellationToken);
        try
        {
            if (name == wanted && latest.TryGetTarget(out var rows)) return rows;
            rows = await datasets.ReadAsync(model, dataset, DataSplit.Train, cancellationToken);
            latest.SetTarget(rows);
            name = wanted;
            return rows;
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose() => reading.Dispose();
}
