using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Serverless.Platform.Datasets;

/// <summary>
/// A stable hash (XxHash64) of a row's values: all columns of its file but the ignored ones and the target. Columns go in by name, so
/// their order does not matter, and a missing value goes in as nothing at all.
/// </summary>
/// <remarks>
/// <para>
/// It does not depend on what a dataset makes of a column (feature or left out, number or category): that changes as data grows, and a row must
/// stay on its side of the split, or a champion would be judged on rows it was trained on.
/// </para>
/// <para>
/// The target is not among them. Were it, like rows of different outcomes would be dealt apart: where columns have few values, a value's outcomes in one part would tell
/// those in the other by what is left of them. It also keeps a row's side when its outcome is corrected.
/// </para>
/// <para>A text holds no zero byte (such a file is refused), so a zero byte ends a name or a text unambiguously.</para>
/// </remarks>
internal sealed class RowHasher
{
    private readonly (byte[] Name, int Column)[] columns;
    private readonly ArrayBufferWriter<byte> buffer = new();

    /// <param name="header">The file's columns.</param>
    /// <param name="ignored">Names of columns that do not count.</param>
    public RowHasher(IReadOnlyList<string> header, IEnumerable<string> ignored)
    {
        var left = ignored.ToHashSet(StringComparer.Ordinal);
        columns = [.. header
            .Select((name, column) => (name, column))
            .Where(c => !left.Contains(c.name))
            .OrderBy(c => c.name, StringComparer.Ordinal)
            .Select(c => (Encoding.UTF8.GetBytes(c.name), c.column))];
    }

    public ulong Hash(TableReader row)
    {
        buffer.ResetWrittenCount();
        foreach (var (name, column) in columns)
        {
            var value = ValueParser.Category(row.GetField(column));
            if (value.IsEmpty)
            {
                continue;
            }

            buffer.Write(name.AsSpan());
            if (ValueParser.TryNumber(value, out var number))
            {
                // 1, 1.0 and 1e0 are one value.
                buffer.Write("\0n"u8);
                BinaryPrimitives.WriteSingleLittleEndian(buffer.GetSpan(sizeof(float)), number);
                buffer.Advance(sizeof(float));
            }
            else
            {
                buffer.Write("\0t"u8);
                buffer.Write(value);
                buffer.Write("\0"u8);
            }
        }

        Span<byte> hash = stackalloc byte[sizeof(ulong)];
        XxHash64.Hash(buffer.WrittenSpan, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
