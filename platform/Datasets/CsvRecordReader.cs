using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>
/// Reads the records of a CSV file from a stream: strict RFC 4180 in UTF-8, lines ended by LF or CRLF, a byte order mark skipped, the delimiter
/// taken from the header, or from a line <c>sep=;</c> before it. Memory is bounded by the longest record. What is not well-formed ends the reading with a <see cref="Refusal"/>.
/// </summary>
/// <remarks>
/// <code>
/// while (await reader.ReadAsync(cancellationToken)) { Use(reader.Record); }
/// if (reader.Refusal is { } refusal) { … }
/// </code>
/// </remarks>
public sealed class CsvRecordReader : IDisposable
{
    private readonly StreamWindow window;
    private readonly TableLimits limits;
    private CsvCursor? cursor;
    private bool headerRead;
    private Refusal? refusedAtOnce;

    /// <summary>Reads a whole file. The stream stays the caller's.</summary>
    public CsvRecordReader(Stream stream, TableLimits? limits = null)
    {
        window = new StreamWindow(stream);
        this.limits = limits ?? TableLimits.Default;
    }

    /// <summary>Reads on from a record in the middle of a file. The stream stands at that record, and stays the caller's.</summary>
    public CsvRecordReader(Stream stream, CsvHeader header, CsvPosition start, TableLimits? limits = null)
        : this(stream, limits)
    {
        cursor = new CsvCursor(header, start, this.limits);
        headerRead = true;
    }

    /// <summary>Known once <see cref="ReadHeaderAsync"/> or the first <see cref="ReadAsync"/> was true.</summary>
    public CsvHeader? Header => cursor?.Header;

    /// <summary>Why reading ended before the file's end; null: it did not.</summary>
    public Refusal? Refusal => refusedAtOnce ?? cursor?.Refusal;

    /// <summary>The record moved to; good until the next move.</summary>
    public CsvRecord Record => (cursor ?? throw new InvalidOperationException("No record was read yet; call ReadAsync first."))
        .Record(window.Unread);

    /// <summary>Reads the header; false: refused.</summary>
    public async ValueTask<bool> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (headerRead)
        {
            return Header is not null && Refusal is null;
        }

        headerRead = true;
        while (!window.IsFinal && window.Unread.Length <= limits.MaxRecordBytes && !CsvDialect.HasWholeHeader(window.Unread))
        {
            await window.FillAsync(cancellationToken);
        }

        refusedAtOnce = CsvRefusals.ByFirstBytes(window.Unread);
        if (refusedAtOnce is not null)
        {
            return false;
        }

        var mark = window.Unread.StartsWith("\uFEFF"u8) ? 3 : 0;
        window.Pass(mark);
        var preamble = CsvDialect.FindPreamble(window.Unread);
        window.Pass(preamble?.Length ?? 0);
        cursor = preamble is { } said
            ? new CsvCursor(said.Dialect, mark + said.Length, line: 2, limits)
            : new CsvCursor(CsvDialect.Detect(window.Unread), mark, line: 1, limits);
        return await StepAsync(cursor, cancellationToken);
    }

    /// <summary>Moves to the next record after the header; false: the file ended, or was refused.</summary>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (!headerRead || cursor is null)
        {
            return ReadFirstAsync(cancellationToken);
        }

        // The common case, a record that is wholly buffered, needs no state machine.
        var step = cursor.Step(window.Unread, window.IsFinal);
        window.Pass(cursor.Passed);
        return step switch
        {
            CsvStep.Record => new ValueTask<bool>(true),
            CsvStep.End => new ValueTask<bool>(false),
            _ => FillAndStepAsync(cursor, cancellationToken),
        };
    }

    public void Dispose() => window.Dispose();

    private async ValueTask<bool> ReadFirstAsync(CancellationToken cancellationToken) =>
        await ReadHeaderAsync(cancellationToken) && cursor is not null && await StepAsync(cursor, cancellationToken);

    private async ValueTask<bool> FillAndStepAsync(CsvCursor moved, CancellationToken cancellationToken)
    {
        await window.FillAsync(cancellationToken);
        return await StepAsync(moved, cancellationToken);
    }

    private async ValueTask<bool> StepAsync(CsvCursor moved, CancellationToken cancellationToken)
    {
        while (true)
        {
            var step = moved.Step(window.Unread, window.IsFinal);
            window.Pass(moved.Passed);
            if (step != CsvStep.NeedMore)
            {
                return step == CsvStep.Record;
            }

            await window.FillAsync(cancellationToken);
        }
    }
}
