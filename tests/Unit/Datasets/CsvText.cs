using System.Text;
using Serverless.Platform.Datasets;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Unit.Datasets;

/// <summary>Reads whole CSV texts for tests.</summary>
internal static class CsvText
{
    public static Task<CsvOutcome> ReadAsync(string text, TableLimits? limits = null, int bytesPerRead = int.MaxValue) =>
        ReadAsync(Encoding.UTF8.GetBytes(text), limits, bytesPerRead);

    public static async Task<CsvOutcome> ReadAsync(byte[] bytes, TableLimits? limits = null, int bytesPerRead = int.MaxValue)
    {
        using var stream = new DripStream(bytes, bytesPerRead);
        using var reader = new CsvRecordReader(stream, limits);
        var records = new List<CsvRow>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            records.Add(CsvRow.Of(reader.Record));
        }

        return new CsvOutcome(reader.Header, records, reader.Refusal);
    }
}

internal sealed record CsvOutcome(CsvHeader? Header, IReadOnlyList<CsvRow> Rows, Refusal? Refusal);

internal sealed record CsvRow(CsvPosition Position, string Raw, int LengthWithLineEnd, string[] Fields)
{
    public static CsvRow Of(CsvRecord record)
    {
        var fields = new string[record.FieldCount];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = record.GetText(i);
        }

        return new CsvRow(record.Position, Encoding.UTF8.GetString(record.Bytes), record.LengthWithLineEnd, fields);
    }
}

/// <summary>A stream that gives no more than so many bytes at a time, as a network does, and counts them.</summary>
internal sealed class DripStream(byte[] bytes, int bytesPerRead) : Stream
{
    public int BytesGiven { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(Math.Min(buffer.Length, bytesPerRead), bytes.Length - BytesGiven);
        bytes.AsSpan(BytesGiven, count).CopyTo(buffer);
        BytesGiven += count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
