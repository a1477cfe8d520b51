namespace Serverless.Platform.Datasets;

/// <summary>How far the reading of a model's files has come.</summary>
/// <param name="Rows">Rows read in this pass: each file is read twice or oftener.</param>
/// <param name="Of">Rows that there are; null in the first pass, which finds that out.</param>
public sealed record ReadingProgress(long Rows, long? Of = null);

/// <summary>Counts rows as they are read, and says so now and then.</summary>
internal sealed class RowTicker(IProgress<ReadingProgress>? progress)
{
    private const long Step = 50_000;

    private long rows;
    private long? of;

    /// <summary>Begins a pass over all files.</summary>
    /// <param name="all">Rows that there are; null: unknown.</param>
    public void Begin(long? all) => (rows, of) = (0, all);

    public void Tick()
    {
        if (++rows % Step == 0)
        {
            progress?.Report(new ReadingProgress(rows, of));
        }
    }
}
