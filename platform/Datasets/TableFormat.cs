using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>How a table is written down.</summary>
public enum TableKind
{
    /// <summary>A header, then a record a line, separated by comma, semicolon, tab or vertical bar.</summary>
    Csv,

    /// <summary>A JSON object a line.</summary>
    JsonLines,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}

/// <summary>The format of a table, by the end of its name.</summary>
/// <param name="Kind">How the table is written down.</param>
/// <param name="IsCompressed">Whether it is compressed with gzip.</param>
public sealed record TableFormat(TableKind Kind, bool IsCompressed)
{
    private const string Compressed = ".gz";

    private static readonly (string Extension, TableKind Kind)[] Extensions =
    [
        (".csv", TableKind.Csv), (".tsv", TableKind.Csv), (".jsonl", TableKind.JsonLines), (".ndjson", TableKind.JsonLines), (".parquet", TableKind.Parquet),
    ];

    /// <summary>Text that is not compressed: what a file of no known format is taken for.</summary>
    internal static TableFormat Text { get; } = new(TableKind.Csv, IsCompressed: false);

    /// <summary>The format of the file of this name; null: none that is read.</summary>
    public static TableFormat? Of(string name)
    {
        var isCompressed = name.EndsWith(Compressed, StringComparison.OrdinalIgnoreCase);
        var table = isCompressed ? name[..^Compressed.Length] : name;
        foreach (var (extension, kind) in Extensions)
        {
            if (table.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return new TableFormat(kind, isCompressed);
            }
        }

        return null;
    }

    /// <summary>What is said of a file whose name ends like no format's.</summary>
    public static Refusal UnknownOf(string name) => new(
        $"The file is called '{ValueExcerpt.Of(Path.GetFileName(name))}'; what a table is, is known by the end of its name: "
            + $"expected {string.Join(", ", Extensions.Select(e => e.Extension))}, or one of these with {Compressed} after it.",
        "Drop it under a name that ends so; save a spreadsheet as CSV in UTF-8 first.");

    /// <summary>A reader of a file of this format.</summary>
    /// <param name="path">Where the file is on disk.</param>
    /// <param name="limits">When to refuse.</param>
    /// <param name="known">The header, where the file was read before: a format that has none need not be read for it again.</param>
    public TableReader Open(string path, TableLimits limits, TableHeader? known = null) => Kind switch
    {
        TableKind.Csv => new CsvTableReader(path, this, limits),
        TableKind.JsonLines => new JsonLinesTableReader(path, this, limits, known),
        TableKind.Parquet => new ParquetTableReader(path, this, limits),
        _ => throw new InvalidOperationException($"There is no reader of {Kind}."),
    };
}
