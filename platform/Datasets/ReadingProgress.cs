namespace Serverless.Platform.Datasets;

/// <summary>How far the reading of a model's files has come.</summary>
/// <param name="Rows">Rows read in this pass: each file is read twice or oftener.</param>
/// <param name="Of">Rows that there are; null in the first pass, which finds that out.</param>
/// <param name="Pass">What the rows are read for, a constant of <see cref="ReadingPass"/>; null in reports of before there were any.</param>
public sealed record ReadingProgress(long Rows, long? Of = null, string? Pass = null);

/// <summary>What files are read for, one after the other; rows are counted from the start in each.</summary>
public static class ReadingPass
{
    /// <summary>To find out what is in them: rows, types, direct identifiers. A file with identifiers to mask is read twice in it.</summary>
    public const string Inspecting = "inspecting";

    /// <summary>To make the dataset of them; from the start again where a file or the type of a column turns out to be unfit.</summary>
    public const string Loading = "loading";
}

/// <summary>Counts rows as they are read, and says so now and then.</summary>
internal sealed class RowTicker(IProgress<ReadingProgress>? progress)
{
    private const long Step = 50_000;

    private long rows;
    private long? of;
    private string pass = ReadingPass.Inspecting;

    /// <summary>Begins to load all files.</summary>
    /// <param name="all">Rows that there are.</param>
    public void BeginLoading(long all)
    {
        (rows, of, pass) = (0, all, ReadingPass.Loading);

        // At once, or the last word of the first pass would stand for some time.
        progress?.Report(new ReadingProgress(rows, of, pass));
    }

    public void Tick()
    {
        if (++rows % Step == 0)
        {
            progress?.Report(new ReadingProgress(rows, of, pass));
        }
    }
}
