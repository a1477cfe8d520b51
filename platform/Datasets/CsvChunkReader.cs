using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>Reads the records of a part of a CSV file that is in memory: whole records, of a file whose header is known.</summary>
/// <remarks>It checks what <see cref="CsvRecordReader"/> checks; a part without records is no refusal.</remarks>
public sealed class CsvChunkReader
{
    private readonly ReadOnlyMemory<byte> chunk;
    private readonly CsvCursor cursor;
    private int start;

    /// <param name="chunk">From the first byte of a record to the end of a record.</param>
    /// <param name="header">The file's header.</param>
    /// <param name="position">Where in the file the part begins.</param>
    /// <param name="limits">When to refuse.</param>
    public CsvChunkReader(ReadOnlyMemory<byte> chunk, CsvHeader header, CsvPosition position, TableLimits? limits = null)
    {
        this.chunk = chunk;
        cursor = new CsvCursor(header, position, limits ?? TableLimits.Default);
    }

    /// <summary>Why reading ended before the end; null: it did not.</summary>
    public Refusal? Refusal => cursor.Refusal;

    /// <summary>The record moved to; good until the next move.</summary>
    public CsvRecord Record => cursor.Record(chunk.Span[start..]);

    /// <summary>Moves to the next record; false: the part ended, or was refused.</summary>
    public bool Read()
    {
        var step = cursor.Step(chunk.Span[start..], isFinal: true);
        start += cursor.Passed;
        return step == CsvStep.Record;
    }
}
