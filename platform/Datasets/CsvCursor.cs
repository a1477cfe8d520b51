using System.Text.Unicode;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

internal enum CsvStep
{
    /// <summary>The owner has to add bytes.</summary>
    NeedMore,

    /// <summary>There is a record.</summary>
    Record,

    /// <summary>The input ended, or was refused.</summary>
    End,
}

/// <summary>Goes from record to record over whatever bytes its owner has, checks each, and counts rows, lines and bytes.</summary>
internal sealed class CsvCursor
{
    private readonly TableLimits limits;
    private readonly bool startsWithHeader;
    private CsvScanner scanner;
    private CsvPosition next;
    private CsvPosition? blank;
    private int current;

    /// <summary>Begins at the header of a file whose dialect is known.</summary>
    /// <param name="dialect">The file's dialect.</param>
    /// <param name="offset">Where the header begins: after a byte order mark, if there is one.</param>
    /// <param name="line">The header's line.</param>
    /// <param name="limits">When to refuse.</param>
    public CsvCursor(CsvDialect dialect, long offset, long line, TableLimits limits)
    {
        this.limits = limits;
        startsWithHeader = true;
        next = new CsvPosition(0, line, offset);
        scanner = new CsvScanner(dialect, limits.MaxColumns);
    }

    /// <summary>Begins at a record, of a file whose header is known.</summary>
    public CsvCursor(CsvHeader header, CsvPosition start, TableLimits limits)
    {
        this.limits = limits;
        Header = header;
        next = start;
        scanner = new CsvScanner(header.Dialect, limits.MaxColumns);
    }

    public CsvHeader? Header { get; private set; }

    public Refusal? Refusal { get; private set; }

    /// <summary>Bytes of the last input before the current or unfinished record; the owner may drop them.</summary>
    public int Passed { get; private set; }

    /// <summary>Where the current record begins.</summary>
    public CsvPosition Position { get; private set; }

    /// <param name="input">The current record and whatever follows it.</param>
    public CsvRecord Record(ReadOnlySpan<byte> input) => new(input[..scanner.Length], scanner.Fields, Position, scanner.LengthWithLineEnd);

    /// <summary>Moves to the next record.</summary>
    /// <param name="input">All bytes from the current or unfinished record on.</param>
    /// <param name="isFinal">Whether the input ends here.</param>
    public CsvStep Step(ReadOnlySpan<byte> input, bool isFinal)
    {
        Passed = 0;
        if (Refusal is not null)
        {
            return CsvStep.End;
        }

        if (current > 0)
        {
            Pass(current);
            current = 0;
        }

        while (Passed < input.Length || !isFinal)
        {
            var rest = input[Passed..];
            var scan = scanner.Scan(rest, isFinal);
            if (scan == CsvScan.NeedMore)
            {
                return rest.Length > limits.MaxRecordBytes ? Refuse(CsvRefusals.TooLong(next, limits)) : CsvStep.NeedMore;
            }

            if (scan != CsvScan.Record)
            {
                var line = next.Line + rest[..scanner.Length].Count((byte)'\n');
                return Refuse(CsvRefusals.Malformed(scan, next, scanner.Length, line, limits));
            }

            if (scanner.Length > 0)
            {
                return Accept(rest);
            }

            // Blank lines at the end of a file are no records; one before a record is refused, since it may be a lost value.
            blank ??= next;
            next = next with { Line = next.Line + 1, Offset = next.Offset + scanner.LengthWithLineEnd };
            Pass(scanner.LengthWithLineEnd);
        }

        return Header is null ? Refuse(CsvRefusals.Empty)
            : startsWithHeader && next.Row == 1 ? Refuse(CsvRefusals.NoRows)
            : CsvStep.End;
    }

    private CsvStep Accept(ReadOnlySpan<byte> rest)
    {
        Position = next;
        var record = Record(rest);
        if (Check(record) is { } refusal)
        {
            return Refuse(refusal);
        }

        current = scanner.LengthWithLineEnd;
        next = new CsvPosition(next.Row + 1, next.Line + 1 + record.Bytes.Count((byte)'\n'), next.Offset + current);
        if (Header is null)
        {
            var names = new string[record.FieldCount];
            for (var i = 0; i < names.Length; i++)
            {
                names[i] = record.GetText(i);
            }

            Header = new CsvHeader(scanner.Dialect, names);
            return TableNames.Check(names, line: 1) is { } unnamed ? Refuse(unnamed) : CsvStep.Record;
        }

        return CsvStep.Record;
    }

    private Refusal? Check(CsvRecord record) =>
        blank is { } position ? CsvRefusals.BlankLine(position)
        : record.Bytes.Length > limits.MaxRecordBytes ? CsvRefusals.TooLong(Position, limits)
        : !Utf8.IsValid(record.Bytes) ? CsvRefusals.NotUtf8(record, Header)
        : Header is not null && record.FieldCount != Header.Columns.Count ? CsvRefusals.FieldCount(Position, record.FieldCount, Header.Columns.Count)
        : null;

    private void Pass(int length)
    {
        Passed += length;
        scanner.Reset();
    }

    private CsvStep Refuse(Refusal refusal)
    {
        Refusal = refusal;
        return CsvStep.End;
    }
}
