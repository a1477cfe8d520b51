using System.Buffers;

namespace Serverless.Platform.Datasets;

internal enum CsvScan
{
    /// <summary>The record goes on past the bytes given.</summary>
    NeedMore,
    Record,
    StrayQuote,
    TextAfterQuote,
    UnclosedQuote,
    LoneCarriageReturn,
    Nul,
    TooManyFields,
}

/// <summary>Where a field's content stands in its record, without enclosing quotes.</summary>
/// <param name="Start">Offset of its first byte.</param>
/// <param name="Length">In bytes.</param>
/// <param name="IsEscaped">Whether it holds doubled quotes.</param>
internal readonly record struct CsvField(int Start, int Length, bool IsEscaped);

/// <summary>
/// Finds the end and the fields of one record. It can stop at the end of a buffer anywhere and go on when more bytes are there, so a long record
/// is looked at once however small the reads.
/// </summary>
internal struct CsvScanner
{
    private static readonly Dictionary<char, SearchValues<byte>> StopsByDelimiter =
        new[] { ',', ';', '\t', '|' }.ToDictionary(d => d, d => SearchValues.Create([(byte)d, (byte)'"', (byte)'\r', (byte)'\n', 0]));

    private readonly byte delimiter;
    private readonly SearchValues<byte> stops;
    private CsvField[] fields;
    private readonly int maxFields;
    private State state;
    private int position;
    private int fieldStart;
    private bool escaped;

    public CsvScanner(CsvDialect dialect, int maxFields)
    {
        if (!StopsByDelimiter.TryGetValue(dialect.Delimiter, out var found))
        {
            throw new ArgumentException($"Found the delimiter '{dialect.Delimiter}'; expected a comma, semicolon, tab or vertical bar.", nameof(dialect));
        }

        Dialect = dialect;
        delimiter = (byte)dialect.Delimiter;
        stops = found;
        fields = new CsvField[16];
        this.maxFields = maxFields;
    }

    private enum State : byte
    {
        FieldStart,
        Unquoted,
        Quoted,
        QuoteSeen,
        CarriageReturn,
    }

    public CsvDialect Dialect { get; }

    public int FieldCount { get; private set; }

    public readonly ReadOnlySpan<CsvField> Fields => fields.AsSpan(0, FieldCount);

    /// <summary>The record's length without its line end, after <see cref="CsvScan.Record"/>; else how far scanning came.</summary>
    public int Length { get; private set; }

    /// <summary>The record's length with its line end, after <see cref="CsvScan.Record"/>.</summary>
    public int LengthWithLineEnd { get; private set; }

    /// <summary>Makes ready for the next record.</summary>
    public void Reset()
    {
        state = State.FieldStart;
        position = 0;
        FieldCount = 0;
        escaped = false;
    }

    /// <param name="record">What is there of the record, always from its first byte.</param>
    /// <param name="isFinal">Whether the input ends here.</param>
    public CsvScan Scan(ReadOnlySpan<byte> record, bool isFinal)
    {
        while (true)
        {
            if (position == record.Length)
            {
                return isFinal ? AtEnd() : CsvScan.NeedMore;
            }

            switch (state)
            {
                case State.FieldStart:
                    BeginField(record[position]);
                    break;

                case State.Unquoted:
                    var stop = record[position..].IndexOfAny(stops);
                    if (stop < 0)
                    {
                        position = record.Length;
                        break;
                    }

                    position += stop;
                    if (EndField(record[position], position, CsvScan.StrayQuote) is { } unquotedEnd)
                    {
                        return unquotedEnd;
                    }

                    break;

                case State.Quoted:
                    var quote = record[position..].IndexOfAny((byte)'"', (byte)0);
                    position = quote < 0 ? record.Length : position + quote;
                    if (quote >= 0)
                    {
                        if (record[position] == 0)
                        {
                            return Stop(CsvScan.Nul);
                        }

                        position++;
                        state = State.QuoteSeen;
                    }

                    break;

                case State.QuoteSeen when record[position] == (byte)'"':
                    escaped = true;
                    position++;
                    state = State.Quoted;
                    break;

                case State.QuoteSeen:
                    if (EndField(record[position], position - 1, CsvScan.TextAfterQuote) is { } quotedEnd)
                    {
                        return quotedEnd;
                    }

                    break;

                case State.CarriageReturn:
                    if (record[position] != (byte)'\n')
                    {
                        position--;
                        return Stop(CsvScan.LoneCarriageReturn);
                    }

                    LengthWithLineEnd = position + 1;
                    return CsvScan.Record;
            }
        }
    }

    private void BeginField(byte first)
    {
        escaped = false;
        if (first == (byte)'"')
        {
            position++;
            state = State.Quoted;
        }
        else
        {
            state = State.Unquoted;
        }

        fieldStart = position;
    }

    /// <summary>Takes the byte at which a field's content ended; null: the record goes on.</summary>
    private CsvScan? EndField(byte stop, int contentEnd, CsvScan otherwise)
    {
        if (stop == delimiter)
        {
            if (!AddField(contentEnd))
            {
                return Stop(CsvScan.TooManyFields);
            }

            position++;
            state = State.FieldStart;
            return null;
        }

        switch (stop)
        {
            case (byte)'\n' or (byte)'\r':
                if (!AddField(contentEnd))
                {
                    return Stop(CsvScan.TooManyFields);
                }

                Length = position;
                position++;
                if (stop == (byte)'\r')
                {
                    state = State.CarriageReturn;
                    return null;
                }

                LengthWithLineEnd = position;
                return CsvScan.Record;

            case 0:
                return Stop(CsvScan.Nul);

            default:
                return Stop(otherwise);
        }
    }

    private CsvScan AtEnd()
    {
        switch (state)
        {
            case State.Quoted:
                return Stop(CsvScan.UnclosedQuote);

            case State.CarriageReturn:
                position--;
                return Stop(CsvScan.LoneCarriageReturn);
        }

        if (state == State.FieldStart)
        {
            fieldStart = position;
        }

        if (!AddField(state == State.QuoteSeen ? position - 1 : position))
        {
            return Stop(CsvScan.TooManyFields);
        }

        Length = LengthWithLineEnd = position;
        return CsvScan.Record;
    }

    private bool AddField(int contentEnd)
    {
        if (FieldCount == maxFields)
        {
            return false;
        }

        if (FieldCount == fields.Length)
        {
            Array.Resize(ref fields, fields.Length * 2);
        }

        fields[FieldCount++] = new CsvField(fieldStart, contentEnd - fieldStart, escaped);
        return true;
    }

    private CsvScan Stop(CsvScan why)
    {
        Length = position;
        return why;
    }
}
