using System.Text;

namespace Serverless.Platform.Datasets;

/// <summary>One record of a CSV file. It looks into the reader's buffer, and is good until the reader is moved.</summary>
public readonly ref struct CsvRecord
{
    private readonly ReadOnlySpan<CsvField> fields;

    internal CsvRecord(ReadOnlySpan<byte> bytes, ReadOnlySpan<CsvField> fields, CsvPosition position, int lengthWithLineEnd)
    {
        Bytes = bytes;
        this.fields = fields;
        Position = position;
        LengthWithLineEnd = lengthWithLineEnd;
    }

    /// <summary>The record as it stands in the file, without its line end.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Where it begins.</summary>
    public CsvPosition Position { get; }

    /// <summary>In bytes; the next record, or a blank line, begins this far after <see cref="CsvPosition.Offset"/>.</summary>
    public int LengthWithLineEnd { get; }

    public int FieldCount => fields.Length;

    /// <summary>A field's value as UTF-8: without enclosing quotes, doubled quotes made one.</summary>
    public ReadOnlySpan<byte> GetField(int column)
    {
        var field = fields[column];
        var content = Bytes.Slice(field.Start, field.Length);
        return field.IsEscaped ? Unescape(content) : content;
    }

    /// <summary>A field's value as text.</summary>
    public string GetText(int column) => Encoding.UTF8.GetString(GetField(column));

    internal int FieldStart(int column) => fields[column].Start;

    private static byte[] Unescape(ReadOnlySpan<byte> content)
    {
        var value = new byte[content.Length];
        var length = 0;
        for (var i = 0; i < content.Length; i++)
        {
            value[length++] = content[i];
            if (content[i] == (byte)'"')
            {
                i++;
            }
        }

        return value[..length];
    }
}
