using Serverless.Platform.Datasets;

namespace Serverless.Orchestrations.Datasets;

/// <summary>
/// The rows of the dataset that was asked for last, so that the steps of a run need not read them one after the other. A dataset
/// version never changes, so rows in memory are as good as those read anew; memory that is needed elsewhere is given back.
/// </summary>
public sealed class DatasetRows(DatasetStore datasets) : IDisposable
{
    private readonly SemaphoreSlim reading = new(1);
    private readonly Dictionary<DataSplit, WeakReference<LabeledTable>> latest = [];
    private string? name;

    public async Task<LabeledTable> ReadAsync(string model, string dataset, DataSplit split, CancellationToken cancellationToken)
    {
        var wanted = $"{model}/{dataset}";
        await reading.WaitAsync(cancellationToken);
        try
        {
            if (name != wanted) latest.Clear();
            if (latest.TryGetValue(split, out var read) && read.TryGetTarget(out var rows)) return rows;
            rows = await datasets.ReadAsync(model, dataset, split, cancellationToken);
            latest[split] = new WeakReference<LabeledTable>(rows);
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
