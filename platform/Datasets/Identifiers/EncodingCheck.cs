using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Tells, block by block, whether bytes are text in UTF-8, without characters that text does not have.</summary>
internal sealed class EncodingCheck
{
    private const int MostCharacterBytes = 4;

    /// <summary>All below the space but tab and line breaks: other encodings and binary formats have them nearly always.</summary>
    private static readonly SearchValues<byte> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (byte)c).Where(c => c is < (byte)'\t' or > (byte)'\r'), 0x7F]);

    /// <summary>The first bytes of a character that the last block ended within.</summary>
    private readonly byte[] begun = new byte[2 * MostCharacterBytes];
    private int begunBytes;
    private long taken;

    /// <summary>What is wrong with a block; null: nothing.</summary>
    /// <param name="block">The bytes after those of the last block.</param>
    /// <param name="isLast">Whether none come after it.</param>
    public string? Take(ReadOnlySpan<byte> block, bool isLast)
    {
        if (block.IndexOfAny(Controls) is >= 0 and var control)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Byte {taken + control + 1} is 0x{block[control]:X2}, a control character that no text has.");
        }

        // The character that was begun, then the rest.
        var from = 0;
        while (begunBytes > 0 && from < block.Length && Rune.DecodeFromUtf8(begun.AsSpan(0, begunBytes), out _, out _) == OperationStatus.NeedMoreData)
        {
            begun[begunBytes++] = block[from++];
        }

        var isBegun = begunBytes > 0;
        var status = isBegun ? Rune.DecodeFromUtf8(begun.AsSpan(0, begunBytes), out _, out _) : OperationStatus.Done;
        if (status == OperationStatus.InvalidData || (status == OperationStatus.NeedMoreData && isLast))
        {
            return Invalid(taken + from);
        }

        begunBytes = status == OperationStatus.NeedMoreData ? begunBytes : 0;
        var rest = block[from..];
        var tail = isLast ? 0 : UnfinishedBytes(rest);
        var whole = rest[..^tail];
        if (!Utf8.IsValid(whole))
        {
            return Invalid(taken + from + ValidBytes(whole) + 1);
        }

        if (tail > 0)
        {
            rest[^tail..].CopyTo(begun);
            begunBytes = tail;
        }

        taken += block.Length;
        return null;
    }

    private static string Invalid(long place) =>
        string.Create(CultureInfo.InvariantCulture, $"Byte {place} is not UTF-8, and there is no byte order mark of UTF-16 before it.");

    /// <summary>How many bytes at the end are the beginning of a character.</summary>
    private static int UnfinishedBytes(ReadOnlySpan<byte> text)
    {
        for (var bytes = 1; bytes < MostCharacterBytes && bytes <= text.Length; bytes++)
        {
            if (text[^bytes] >= 0xC0)
            {
                return Rune.DecodeFromUtf8(text[^bytes..], out _, out _) == OperationStatus.NeedMoreData ? bytes : 0;
            }
        }

        return 0;
    }

    private static int ValidBytes(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(text[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}
