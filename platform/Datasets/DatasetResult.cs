using Serverless.Platform.Datasets.Contracts;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>A file to learn from, on local disk.</summary>
/// <param name="Name">The blob's name, for reports.</param>
/// <param name="Path">Where its content is on disk.</param>
/// <param name="ContentHash">SHA-256 of its content, in hexadecimal.</param>
public sealed record SourceFile(string Name, string Path, string ContentHash)
{
    /// <summary>The version of the blob, as storage gave it; null: unknown.</summary>
    public string? ETag { get; init; }

    /// <summary>Its size in bytes; null: unknown.</summary>
    public long? Bytes { get; init; }

    /// <summary>When it was dropped, UTC; null: unknown.</summary>
    public DateTimeOffset? DroppedAt { get; init; }
}

/// <summary>What became of one file.</summary>
/// <param name="Name">The blob's name.</param>
/// <param name="ContentHash">SHA-256 of its content, in lower-case hexadecimal.</param>
/// <param name="Refusals">Why the file was refused as a whole; empty: it was accepted.</param>
/// <param name="Rows">Rows read, as far as reading came.</param>
/// <param name="RefusedRows">How many of them were refused one by one.</param>
/// <param name="RowRefusals">Why rows were refused: the first <see cref="DatasetBuilder.MaxRowRefusals"/> reasons.</param>
/// <param name="DuplicateOf">The name of the file of the same content that counts in its stead; null: none.</param>
public sealed record SourceReport(
    string Name,
    string ContentHash,
    IReadOnlyList<Refusal> Refusals,
    long Rows,
    long RefusedRows,
    IReadOnlyList<Refusal> RowRefusals,
    string? DuplicateOf)
{
    public bool IsAccepted => Refusals.Count == 0;

    /// <summary>All reasons for refused rows by rule and column.</summary>
    public IReadOnlyList<RefusalCount> RowRefusalCounts { get; init; } = [];

    /// <summary>Whether a column of the file, ignored ones too, is known to hold direct identifiers that the definition does not allow.</summary>
    public bool HoldsIdentifiers { get; init; }

    /// <summary>Why no copy may be kept of a file that is refused, by itself or with all others; null: one may.</summary>
    public string? NotCopied { get; init; }
}

/// <summary>What came of building a dataset.</summary>
/// <param name="Sources">One report for each file given, in the order given.</param>
/// <param name="Refusals">Why there is no dataset, although there may be good files; empty: there is one.</param>
/// <param name="Manifest">The dataset's manifest; null: there is none.</param>
/// <param name="Contract">The contract that the dataset keeps to: the one given, or else inferred from it; null where there is no dataset.</param>
public sealed record DatasetResult(
    IReadOnlyList<SourceReport> Sources, IReadOnlyList<Refusal> Refusals, DatasetManifest? Manifest, DataContract? Contract = null);
