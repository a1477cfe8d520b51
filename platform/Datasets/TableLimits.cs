namespace Serverless.Platform.Datasets;

/// <summary>How much a reader takes before it refuses.</summary>
public sealed record TableLimits
{
    public static TableLimits Default { get; } = new();

    /// <summary>The longest record, in bytes, line breaks within quotes included. <value>Default 1 MiB.</value></summary>
    public int MaxRecordBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// The most rows of a Parquet file: a few bytes of it may stand for any number. <value>Default 200 million.</value>
    /// </summary>
    public long MaxParquetRows { get; init; } = 200_000_000;

    /// <summary>The most bytes that a row group of a Parquet file may expand to, since it may have to be in memory. <value>Default 4 GiB.</value></summary>
    public long MaxRowGroupBytes { get; init; } = 4L << 30;

    /// <summary>
    /// The most bytes of texts in the rows of a Parquet file that are read at once, up to 2,048. <value>Default 128 MiB.</value>
    /// </summary>
    public long MaxChunkBytes { get; init; } = 128L << 20;

    /// <summary>The most columns. <value>Default 2,000.</value></summary>
    public int MaxColumns { get; init; } = 2000;

    /// <summary>The most bytes that a compressed file may expand to. <value>Default 32 GiB.</value></summary>
    public long MaxExpandedBytes { get; init; } = 32L << 30;

    /// <summary>
    /// How many times its own size a compressed file may expand to, and the texts of a Parquet file; tables come to 3–50 times, gzip's most is about 1,030.
    /// <value>Default 200.</value>
    /// </summary>
    public int MaxExpansion { get; init; } = 200;

    /// <summary>Up to so many expanded bytes the ratio does not matter. <value>Default 64 MiB.</value></summary>
    public long FreeExpandedBytes { get; init; } = 64L << 20;
}
