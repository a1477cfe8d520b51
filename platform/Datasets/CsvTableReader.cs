using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>The rows of a CSV file; its rules are those of <see cref="CsvRecordReader"/>, over text in UTF-8 or UTF-16, compressed or not.</summary>
internal sealed class CsvTableReader(string path, TableFormat format, TableLimits limits) : TableReader
{
    private SourceStream? text;
    private CsvRecordReader? records;

    public override long? Line => Records.Record.Position.Line;

    private CsvRecordReader Records => records ?? throw new InvalidOperationException("No row was read yet; call ReadAsync first.");

    public override ReadOnlySpan<byte> GetField(int column) => Records.Record.GetField(column);

    public override async ValueTask DisposeAsync()
    {
        records?.Dispose();
        if (text is not null)
        {
            await text.DisposeAsync();
        }
    }

    protected override async ValueTask<Refusal?> OpenAsync(CancellationToken cancellationToken)
    {
        text = await SourceStream.OpenTextAsync(path, format, limits, cancellationToken);
        records = new CsvRecordReader(text, limits);
        var isRead = await records.ReadHeaderAsync(cancellationToken);
        if (text.Refusal is not null || !isRead || records.Header is not { } header)
        {
            return await text.CauseAsync(records.Refusal, cancellationToken);
        }

        Header = new TableHeader(header.Columns, 1);
        return null;
    }

    protected override ValueTask<bool> MoveAsync(CancellationToken cancellationToken)
    {
        var reading = Records.ReadAsync(cancellationToken);
        return reading.IsCompletedSuccessfully ? MoveAsync(reading.Result, cancellationToken) : AwaitAsync(reading, cancellationToken);
    }

    private async ValueTask<bool> AwaitAsync(ValueTask<bool> reading, CancellationToken cancellationToken) =>
        await MoveAsync(await reading, cancellationToken);

    private ValueTask<bool> MoveAsync(bool isRead, CancellationToken cancellationToken) =>
        isRead ? new ValueTask<bool>(Moved()) : EndAsync(cancellationToken);

    private async ValueTask<bool> EndAsync(CancellationToken cancellationToken) =>
        Ended(text is null ? Records.Refusal : await text.CauseAsync(Records.Refusal, cancellationToken));
}
