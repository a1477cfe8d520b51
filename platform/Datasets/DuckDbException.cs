namespace Serverless.Platform.Datasets;

/// <summary>
/// DuckDB could not do what it was asked: a fault, of the platform or of its machine; of a user's file only where one is read as it came, which
/// <see cref="ParquetTableReader"/> alone does.
/// </summary>
/// <param name="message">What failed, with the statement.</param>
/// <param name="detail">What DuckDB says of it; null: the same.</param>
public sealed class DuckDbException(string message, string? detail = null) : Exception(message)
{
    /// <summary>What DuckDB says of it, without the statement.</summary>
    public string Detail { get; } = detail ?? message;

    /// <summary>Whether it needs more than it was given of memory, or of disk to spill to: it does so again with the same data.</summary>
    public bool IsOutOfMemory => Detail.Contains("Out of Memory Error", StringComparison.Ordinal);
}
