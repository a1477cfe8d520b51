using System.Text;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>What is said of a file that is not well-formed CSV.</summary>
internal static class CsvRefusals
{
    /// <summary>At how many first bytes it is looked to tell text from other data.</summary>
    private const int LookedAt = 1024;

    /// <summary>So many control characters may stand in text by accident.</summary>
    private const int LeastControls = 4;

    /// <summary>In bytes: the last of those looked at may be cut.</summary>
    private const int LongestRune = 4;

    public static readonly Refusal Empty = new(
        "The file is empty; expected a header with the columns' names, and rows.", "Drop the file again with its content.", Line: 1);

    public static readonly Refusal NoRows = new(
        "The file has a header but no rows; expected at least one row.", "Drop the file again with rows after the header.", Line: 2);

    public static Refusal Malformed(CsvScan why, CsvPosition record, int offset, long line, TableLimits limits) => why switch
    {
        CsvScan.StrayQuote => new(
            $"A quote stands inside a field that is not quoted, at byte {record.Offset + offset}; RFC 4180 wants the whole field in quotes.",
            "Enclose the field in quotes and double each quote within it.", Row(record), Line: line),
        CsvScan.TextAfterQuote => new(
            $"Text follows a closing quote, at byte {record.Offset + offset}; expected a delimiter or the end of the line.",
            "Double each quote within a quoted field.", Row(record), Line: line),
        CsvScan.UnclosedQuote => new(
            $"The file ends inside a quoted field of the record that begins in line {record.Line}; expected a closing quote.",
            "Close the quote; if the file was cut off, drop it again whole.", Row(record), Line: record.Line),
        CsvScan.LoneCarriageReturn => new(
            $"A carriage return without a line feed stands at byte {record.Offset + offset}; expected lines that end with LF or CRLF.",
            "Save the file with LF or CRLF line ends.", Row(record), Line: line),
        CsvScan.Nul => new(
            $"A zero byte stands at byte {record.Offset + offset}, which no text has: the file is binary, or UTF-16; expected CSV in UTF-8.",
            "Save the table as CSV in UTF-8 and drop it again.", Row(record), Line: line),
        CsvScan.TooManyFields => new(
            $"The record has more than {limits.MaxColumns} fields, the most that are read.",
            "Leave out columns that a model does not need.", Row(record), Line: line),
        _ => throw new ArgumentOutOfRangeException(nameof(why), why, "This outcome is no refusal."),
    };

    public static Refusal TooLong(CsvPosition record, TableLimits limits) => new(
        $"The record that begins in line {record.Line} is longer than {limits.MaxRecordBytes} bytes, the longest that is read; a quote may be left open.",
        "Close the quote, or shorten the longest field.", Row(record), Line: record.Line);

    public static Refusal FieldCount(CsvPosition record, int found, int expected) => new(
        $"The record has {found} fields; expected {expected}, as the header has.",
        "Add or remove delimiters in this line; a delimiter within a value needs quotes around the value.", Row(record), Line: record.Line);

    public static Refusal BlankLine(CsvPosition position) => new(
        "A blank line stands before a record; expected a header in the first line and a record in each after it.",
        "Remove the line; write a missing value of a single-column file as \"\".", Row(position), Line: position.Line);

    public static Refusal NotUtf8(CsvRecord record, CsvHeader? header)
    {
        var at = FirstInvalid(record.Bytes);
        var column = header is null ? null : ColumnAt(record, at, header);
        return new Refusal(
            $"The byte 0x{record.Bytes[at]:X2} at byte {record.Position.Offset + at} is not UTF-8; expected text in UTF-8.",
            "Save the file as UTF-8 (often it is Windows-1252 or Latin-1) and drop it again.",
            Row(record.Position), column, record.Position.Line + record.Bytes[..at].Count((byte)'\n'));
    }

    /// <summary>Known by its first bytes not to be UTF-8 text; null: nothing known.</summary>
    public static Refusal? ByFirstBytes(ReadOnlySpan<byte> first)
    {
        var format = first switch
        {
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => "text in UTF-16",
            [0x1F, 0x8B, ..] => "gzip-compressed data",
            [(byte)'P', (byte)'K', 3, 4, ..] => "a zip archive or a spreadsheet",
            [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => "Parquet",
            _ => IsBinary(first[..Math.Min(first.Length, LookedAt)]) ? "binary" : null,
        };
        return format is null ? null : new Refusal(
            $"By its first bytes the file is {format}; expected CSV in UTF-8.", "Save the table as CSV in UTF-8 and drop it again.", Line: 1);
    }

    /// <summary>Text has hardly a control character, and one in another encoding none either; noise has both them and what is not UTF-8.</summary>
    private static bool IsBinary(ReadOnlySpan<byte> first)
    {
        var controls = 0;
        foreach (var c in first)
        {
            if (c < (byte)' ' && c is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f')) controls++;
        }

        return controls > LeastControls && FirstInvalid(first) < first.Length - LongestRune;
    }

    private static long? Row(CsvPosition record) => record.Row == 0 ? null : record.Row;

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    private static string? ColumnAt(CsvRecord record, int offset, CsvHeader header)
    {
        var column = 0;
        while (column + 1 < record.FieldCount && record.FieldStart(column + 1) <= offset)
        {
            column++;
        }

        return column < header.Columns.Count ? header.Columns[column] : null;
    }
}
