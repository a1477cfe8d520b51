using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>
/// The rows of a file of JSON objects, one a line. The columns are all keys of the file, in the order of first sight: where they are not known,
/// the file is read once for them before its first row. A key that an object lacks is a missing value; blank lines do not count.
/// </summary>
internal sealed class JsonLinesTableReader(string path, TableFormat format, TableLimits limits, TableHeader? known) : TableReader
{
    private SourceStream? text;
    private LineReader? lines;
    private JsonRow? row;

    public override long? Line => lines?.Line;

    public override ReadOnlySpan<byte> GetField(int column) =>
        (row ?? throw new InvalidOperationException("No row was read yet; call ReadAsync first.")).GetField(column);

    public override async ValueTask DisposeAsync()
    {
        lines?.Dispose();
        if (text is not null)
        {
            await text.DisposeAsync();
        }
    }

    protected override async ValueTask<Refusal?> OpenAsync(CancellationToken cancellationToken)
    {
        Header = known;
        if (Header is null)
        {
            var (header, refusal) = await FindHeaderAsync(cancellationToken);
            if (header is null)
            {
                return refusal;
            }

            Header = header;
        }

        text = await SourceStream.OpenTextAsync(path, format, limits, cancellationToken);
        lines = new LineReader(text, limits.MaxRecordBytes);
        row = new JsonRow(limits, Header.Columns);
        return null;
    }

    protected override async ValueTask<bool> MoveAsync(CancellationToken cancellationToken)
    {
        if (text is null || lines is null || row is null)
        {
            throw new InvalidOperationException("The reader was not opened.");
        }

        var (isRead, refusal) = await NextAsync(text, lines, row, Row + 1, cancellationToken);
        return isRead ? Moved() : Ended(refusal);
    }

    private async Task<(TableHeader? Header, Refusal? Refusal)> FindHeaderAsync(CancellationToken cancellationToken)
    {
        await using var all = await SourceStream.OpenTextAsync(path, format, limits, cancellationToken);
        using var allLines = new LineReader(all, limits.MaxRecordBytes);
        var found = new JsonRow(limits, known: null);
        long rows = 0;
        while (true)
        {
            var (isRead, refusal) = await NextAsync(all, allLines, found, rows + 1, cancellationToken);
            if (refusal is not null)
            {
                return (null, refusal);
            }

            if (!isRead)
            {
                break;
            }

            rows++;
        }

        var wrong = rows == 0 ? JsonRefusals.Empty : found.Columns.Count == 0 ? JsonRefusals.NoColumns : TableNames.Check(found.Columns, line: null);
        return wrong is null ? (new TableHeader(found.Columns, null), null) : (null, wrong);
    }

    private async ValueTask<(bool IsRead, Refusal? Refusal)> NextAsync(
        SourceStream from, LineReader reader, JsonRow into, long number, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            // The last line of a text that could not be read on may be half a line; the text's own refusal says why.
            if (!reader.Current.ContainsAnyExcept(" \t\r"u8) || from.Refusal is not null)
            {
                continue;
            }

            var refusal = into.Read(reader.Current, new JsonPlace(number, reader.Line));
            return refusal is null ? (true, null) : (false, await from.CauseAsync(refusal, cancellationToken));
        }

        return (false, from.Refusal ?? (reader.IsTooLong ? JsonRefusals.TooLong(new JsonPlace(number, reader.Line), limits) : null));
    }
}
