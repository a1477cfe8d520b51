using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Serverless.Platform.Training;

/// <summary>
/// A value of XGBoost's binary format where it stands in a saved model: UBJSON (ubjson.org, draft 12), of which XGBoost writes a part (its src/common/json.cc).
/// Arrays say how long they are, and those of numbers of which type; all numbers are big-endian.
/// </summary>
/// <param name="Bytes">The value's bytes, with the marker it begins with.</param>
internal readonly record struct UbjsonValue(ReadOnlyMemory<byte> Bytes)
{
    // "[$", the type, "#L" and how many there are.
    private const int TypedHeader = 5 + sizeof(long);
    private const int ArrayHeader = 3 + sizeof(long);

    /// <summary>A model as XGBoost has just saved it: whole.</summary>
    /// <exception cref="InvalidDataException">It has something that XGBoost 1.7 does not write.</exception>
    public static UbjsonValue Parse(ReadOnlyMemory<byte> model) => new(model[..End(model.Span, 0)]);

    /// <summary>An object's members, in their order.</summary>
    public IEnumerable<(string Name, UbjsonValue Value)> Members()
    {
        Expect('{');
        for (var at = 1; Bytes.Span[at] != '}';)
        {
            var (from, name) = (at + sizeof(long) + 1, Count(Bytes.Span, at));
            var end = End(Bytes.Span, from + name);
            yield return (Encoding.UTF8.GetString(Bytes.Span.Slice(from, name)), new UbjsonValue(Bytes[(from + name)..end]));
            at = end;
        }
    }

    /// <summary>A member of an object.</summary>
    public UbjsonValue this[string name] => Members().First(member => member.Name == name).Value;

    /// <summary>The values of an array that is not of numbers alone.</summary>
    public IEnumerable<UbjsonValue> Items()
    {
        Expect('[');
        var at = ArrayHeader;
        for (var left = Count(Bytes.Span, 2); left > 0; left--)
        {
            var end = End(Bytes.Span, at);
            yield return new UbjsonValue(Bytes[at..end]);
            at = end;
        }
    }

    /// <summary>A text.</summary>
    public string Text()
    {
        Expect('S');
        return Encoding.UTF8.GetString(Bytes.Span[(2 + sizeof(long))..]);
    }

    /// <summary>The values of an array of integers, of whatever types that an <see langword="int"/> holds.</summary>
    public int[] Integers()
    {
        Expect('[');
        if (Bytes.Span[1] == '#') return [.. Items().Select(item => Integer(item.Bytes.Span[1..], (char)item.Bytes.Span[0]))];

        var (type, values) = ((char)Bytes.Span[2], new int[Count(Bytes.Span, 4)]);
        if (type == 'l')
        {
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, int>(Bytes.Span[TypedHeader..]), values);
            return values;
        }

        for (var i = 0; i < values.Length; i++) values[i] = Integer(Bytes.Span[(TypedHeader + (i * SizeOf(type, 2)))..], type);
        return values;
    }

    /// <summary>The values of an array of single-precision numbers.</summary>
    public float[] Numbers()
    {
        ExpectNumbers('d');
        var values = new float[Count(Bytes.Span, 4)];
        for (var i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadSingleBigEndian(Bytes.Span[(TypedHeader + (i * sizeof(float)))..]);
        return values;
    }

    /// <summary>Where the value that begins somewhere ends.</summary>
    private static int End(ReadOnlySpan<byte> bytes, int at)
    {
        switch ((char)bytes[at])
        {
            case '{':
                for (at++; bytes[at] != '}';) at = End(bytes, at + 1 + sizeof(long) + Count(bytes, at));
                return at + 1;
            case '[' when bytes[at + 1] == '$':
                return at + TypedHeader + (Count(bytes, at + 4) * SizeOf((char)bytes[at + 2], at));
            case '[' when bytes[at + 1] == '#':
                var left = Count(bytes, at + 2);
                for (at += ArrayHeader; left > 0; left--) at = End(bytes, at);
                return at;
            case 'S':
                return at + 2 + sizeof(long) + Count(bytes, at + 1);
            case 'Z' or 'T' or 'F':
                return at + 1;
            case var number:
                return at + 1 + SizeOf(number, at);
        }
    }

    private static int SizeOf(char type, int at) => type switch
    {
        'i' or 'U' => sizeof(byte),
        'I' => sizeof(short),
        'l' or 'd' => sizeof(int),
        'L' => sizeof(long),
        _ => throw new InvalidDataException($"Found '{type}' at byte {at} of a model in XGBoost's binary format; expected a value of UBJSON as XGBoost 1.7 writes it."),
    };

    /// <summary>A length or count: "L" and eight bytes.</summary>
    private static int Count(ReadOnlySpan<byte> bytes, int at) => bytes[at] == 'L'
        ? checked((int)BinaryPrimitives.ReadInt64BigEndian(bytes[(at + 1)..]))
        : throw new InvalidDataException($"Found '{(char)bytes[at]}' at byte {at} of a model in XGBoost's binary format; expected the 'L' of a length.");

    private static int Integer(ReadOnlySpan<byte> bytes, char type) => type switch
    {
        'i' => (sbyte)bytes[0],
        'U' => bytes[0],
        'I' => BinaryPrimitives.ReadInt16BigEndian(bytes),
        'l' => BinaryPrimitives.ReadInt32BigEndian(bytes),
        'L' => checked((int)BinaryPrimitives.ReadInt64BigEndian(bytes)),
        _ => throw new InvalidDataException($"Found a value of type '{type}' in a model in XGBoost's binary format; expected an integer."),
    };

    private void Expect(char marker)
    {
        if (Bytes.Span[0] != marker) throw new InvalidDataException($"Found '{(char)Bytes.Span[0]}' in a model in XGBoost's binary format; expected '{marker}'.");
    }

    private void ExpectNumbers(char type)
    {
        Expect('[');
        if (Bytes.Span[1] != '$' || Bytes.Span[2] != type) throw new InvalidDataException($"Found an array of other values in a model in XGBoost's binary format; expected one of type '{type}'.");
    }
}
