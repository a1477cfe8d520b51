using System.Globalization;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>What is said of a Parquet file that cannot be read as a table.</summary>
internal static class ParquetRefusals
{
    private const int LongestDetail = 300;

    public static readonly Refusal Empty = new("The file is empty; expected Parquet.", "Drop the file again with its content.");

    public static readonly Refusal NoRows = new("The file has columns but no rows; expected at least one row.", "Drop the file again with rows.");

    public static readonly Refusal Encrypted = new("The file is encrypted Parquet, which cannot be read.", "Write it without encryption.");

    public static readonly Refusal NotParquet = new(
        "By its name the file is Parquet, but it does not begin as Parquet does, with PAR1.", "Drop it under a name that says what it is, such as data.csv.");

    public static Refusal CutShort(long length) => new(
        string.Create(CultureInfo.InvariantCulture, $"The file begins as Parquet, but after its {length} bytes the end is missing: it is cut short, or not yet written to its end."),
        "Drop it again whole.");

    public static Refusal Unreadable(long row, DuckDbException cause, string path)
    {
        var detail = cause.Detail.Replace(path, "the file", StringComparison.Ordinal).Split('\n')[0];
        var where = row == 0 ? "It" : string.Create(CultureInfo.InvariantCulture, $"After row {row} it");
        if (cause.IsOutOfMemory)
        {
            return new Refusal(
                $"A row group or a page of the file needs too much memory. {where} fails with: {detail[..Math.Min(detail.Length, LongestDetail)]}",
                "Write it with smaller row groups, such as of 10,000 rows, or drop the table as CSV.", row == 0 ? null : row + 1);
        }

        return new Refusal(
            $"The file begins and ends as Parquet, but is damaged, or written in a way that cannot be read. {where} fails with: {detail[..Math.Min(detail.Length, LongestDetail)]}",
            "Write it again, best with another library if this one was just used, and drop it whole.", row == 0 ? null : row + 1);
    }

    public static Refusal Type(string column, string type) => new(
        $"The column '{ValueExcerpt.Of(column)}' has the type {(type.Length > 60 ? type[..60] + "…" : type)}; expected texts, numbers, booleans, dates or times.",
        "Write what is within it as columns of its own, or leave the column out.", Column: column);

    public static Refusal TooManyColumns(int found, TableLimits limits) => new(
        $"The file has {found} columns; at most {limits.MaxColumns} are read.", "Leave out columns that a model does not need.");

    public static Refusal TooManyRows(long found, TableLimits limits) => new(
        string.Create(CultureInfo.InvariantCulture, $"The file has {found} rows, or says so; at most {limits.MaxParquetRows} are read."), "Drop a sample of the rows.");

    public static Refusal RowGroupTooLarge(long found, TableLimits limits) => new(
        string.Create(CultureInfo.InvariantCulture, $"A row group of the file expands to {found} bytes; at most {limits.MaxRowGroupBytes} are read at once."),
        "Write it with smaller row groups, such as of 100,000 rows.");

    public static Refusal ExpandsTooFar(long row, TableLimits limits) => new(
        string.Create(CultureInfo.InvariantCulture, $"Up to here the file's values come to more than {limits.MaxExpandedBytes} bytes, the most that are read."),
        "Leave long texts out, or drop a sample of the rows.", row);

    public static Refusal TextsExpandTooFar(long row, long fileBytes, long most, TableLimits limits) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"The file has {fileBytes} bytes, and up to here its texts expand to more than {most}; at most {limits.MaxExpansion} times its size is read, "
                + $"or {limits.FreeExpandedBytes} bytes if that is more, and {limits.MaxExpandedBytes} bytes in all."),
        "If these are the texts it should have, shorten them, leave their columns out, or drop the table as CSV; else find out who made it.", row);

    public static Refusal TooLongTogether(long first, long last, TableLimits limits) => new(
        string.Create(
            CultureInfo.InvariantCulture, $"The texts of the rows {first} to {last} come to more than {limits.MaxChunkBytes} bytes; at most so many are read at once."),
        "Shorten the texts, leave their columns out, or drop the table as CSV.", last);

    public static Refusal ZeroCharacter(long row, string column) => new("The value holds the zero character, which no text has.", "Leave it out.", row, column);

    public static Refusal TooLong(long row, TableLimits limits) => new(
        $"The row is longer than {limits.MaxRecordBytes} bytes, the longest that is read.", "Shorten the longest value.", row);
}
