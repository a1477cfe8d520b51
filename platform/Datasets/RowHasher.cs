using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Serverless.Platform.Datasets;

/// <summary>
/// A stable hash (XxHash64) of what a learner sees of a row: its features and its target. Columns go in by name, so their order does not matter, and a
/// missing value goes in as nothing at all.
/// </summary>
/// <remarks>A text holds no zero byte (such a file is refused), so a zero byte ends a name or a text unambiguously.</remarks>
internal sealed class RowHasher
{
    private readonly byte[][] names;
    private readonly int[] byName;
    private readonly ArrayBufferWriter<byte> buffer = new();

    public RowHasher(IReadOnlyList<FeatureColumn> features)
    {
        names = [.. features.Select(f => Encoding.UTF8.GetBytes(f.Name))];
        byName = [.. Enumerable.Range(0, names.Length).OrderBy(i => features[i].Name, StringComparer.Ordinal)];
    }

    /// <param name="numbers">By feature; NaN where missing or a category.</param>
    /// <param name="categories">By feature; null where missing or a number.</param>
    /// <param name="target">The target's value.</param>
    public ulong Hash(ReadOnlySpan<float> numbers, byte[]?[] categories, string target)
    {
        buffer.ResetWrittenCount();
        foreach (var i in byName)
        {
            if (categories[i] is { } text)
            {
                Name(names[i], (byte)'t');
                buffer.Write(text.AsSpan());
                buffer.Write("\0"u8);
            }
            else if (!float.IsNaN(numbers[i]))
            {
                Name(names[i], (byte)'n');
                BinaryPrimitives.WriteSingleLittleEndian(buffer.GetSpan(sizeof(float)), numbers[i]);
                buffer.Advance(sizeof(float));
            }
        }

        buffer.Write("\0"u8);
        buffer.Write(Encoding.UTF8.GetBytes(target).AsSpan());
        Span<byte> hash = stackalloc byte[sizeof(ulong)];
        XxHash64.Hash(buffer.WrittenSpan, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    private void Name(byte[] name, byte kind)
    {
        buffer.Write(name.AsSpan());
        ReadOnlySpan<byte> mark = [0, kind];
        buffer.Write(mark);
    }
}
