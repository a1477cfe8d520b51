using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>The scalars of one JSON object as fields of a table. Numbers keep their text, true and false become texts, null is nothing.</summary>
internal sealed class JsonRow
{
    private readonly List<string> columns = [];
    private readonly List<byte[]> names = [];
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly TableLimits limits;
    private readonly bool isClosed;
    private (int Start, int Length, long Row)[] fields = [];
    private byte[] values = new byte[1024];
    private int used;
    private long row;

    /// <param name="limits">When to refuse.</param>
    /// <param name="known">The columns, where they are known and no other may come; null: they are found in the order of first sight.</param>
    public JsonRow(TableLimits limits, IReadOnlyList<string>? known)
    {
        this.limits = limits;
        isClosed = known is not null;
        foreach (var column in known ?? [])
        {
            Add(column);
        }
    }

    public IReadOnlyList<string> Columns => columns;

    /// <summary>A field of the object read last; empty where it has no such key, or null.</summary>
    public ReadOnlySpan<byte> GetField(int column)
    {
        var field = fields[column];
        return field.Row == row ? values.AsSpan(field.Start, field.Length) : [];
    }

    /// <summary>Reads the object in a line; the refusal, or null.</summary>
    /// <param name="json">The line.</param>
    /// <param name="at">Which row and line it is.</param>
    public Refusal? Read(ReadOnlySpan<byte> json, JsonPlace at)
    {
        row = at.Row;
        used = 0;
        if (!Utf8.IsValid(json))
        {
            return JsonRefusals.NotUtf8(at);
        }

        // No value is longer than it is written.
        if (values.Length < json.Length)
        {
            values = new byte[Math.Max(json.Length, values.Length * 2)];
        }

        var reader = new Utf8JsonReader(json);
        try
        {
            return ReadObject(ref reader, at);
        }
        catch (JsonException malformed)
        {
            return JsonRefusals.Malformed(at, malformed.BytePositionInLine ?? 0);
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for an escape that stands for no character, such as one half of a surrogate pair.
            return JsonRefusals.NoCharacter(at);
        }
    }

    private Refusal? ReadObject(ref Utf8JsonReader reader, JsonPlace at)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return JsonRefusals.NoObject(at, reader.TokenType);
        }

        // Keys mostly come in the same order, so the next column is tried before it is looked for.
        var expected = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = Find(ref reader, expected);
            if (column < 0)
            {
                return isClosed ? JsonRefusals.NewKey(at) : JsonRefusals.TooManyColumns(at, limits);
            }

            if (fields[column].Row == row)
            {
                return JsonRefusals.Duplicate(at, columns[column]);
            }

            reader.Read();
            if (Take(ref reader, column, at) is { } refusal)
            {
                return refusal;
            }

            expected = column + 1;
        }

        // Refuses what follows the object.
        reader.Read();
        return null;
    }

    private Refusal? Take(ref Utf8JsonReader reader, int column, JsonPlace at)
    {
        var into = values.AsSpan(used);
        var length = 0;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                return JsonRefusals.Nested(at, columns[column], reader.TokenType);
            case JsonTokenType.String:
                length = reader.CopyString(into);
                if (into[..length].Contains((byte)0))
                {
                    return JsonRefusals.ZeroCharacter(at, columns[column]);
                }

                break;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                reader.ValueSpan.CopyTo(into);
                length = reader.ValueSpan.Length;
                break;
        }

        fields[column] = (used, length, row);
        used += length;
        return null;
    }

    private int Find(ref Utf8JsonReader reader, int expected)
    {
        if (expected < names.Count && reader.ValueTextEquals(names[expected]))
        {
            return expected;
        }

        var name = reader.GetString() ?? "";
        return places.TryGetValue(name, out var place) ? place
            : isClosed || columns.Count == limits.MaxColumns ? -1
            : Add(name);
    }

    private int Add(string name)
    {
        places.Add(name, columns.Count);
        columns.Add(name);
        names.Add(Encoding.UTF8.GetBytes(name));
        if (fields.Length < columns.Count)
        {
            Array.Resize(ref fields, Math.Max(16, fields.Length * 2));
        }

        return columns.Count - 1;
    }
}
