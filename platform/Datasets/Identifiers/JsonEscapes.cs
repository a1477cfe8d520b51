using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Reads <c>\u0034</c>, <c>\/</c>, <c>\t</c> and line breaks as JSON does, whatever else a text is.</summary>
internal static class JsonEscapes
{
    private const int CodeDigits = 4;

    public static bool MayHold(ReadOnlySpan<byte> text)
    {
        while (text.IndexOf((byte)'\\') is >= 0 and var at && at + 1 < text.Length)
        {
            if (text[at + 1] is (byte)'u' or (byte)'/' or (byte)'t' or (byte)'n' or (byte)'r')
            {
                return true;
            }

            text = text[(at + 1)..];
        }

        return false;
    }

    /// <summary>Writes a text with its escapes decoded; text that was escaped more than once has more than one backslash before each.</summary>
    public static void Decode(ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        Span<byte> utf8 = stackalloc byte[CodeDigits];
        while (text.IndexOf((byte)'\\') is >= 0 and var at)
        {
            to.Write(text[..at]);
            var backslashes = text[at..].IndexOfAnyExcept((byte)'\\') is >= 0 and var some ? some : text.Length - at;
            var after = text[(at + backslashes)..];
            if (after is [(byte)'u', ..] && after.Length > CodeDigits
                && Utf8Parser.TryParse(after.Slice(1, CodeDigits), out ushort code, out var read, 'X') && read == CodeDigits)
            {
                var length = (Rune.TryCreate(code, out var rune) ? rune : Rune.ReplacementChar).EncodeToUtf8(utf8);
                to.Write(utf8[..length]);
                text = after[(1 + CodeDigits)..];
            }
            else
            {
                ReadOnlySpan<byte> mark = after switch { [(byte)'t', ..] => "\t"u8, [(byte)'n', ..] => "\n"u8, [(byte)'r', ..] => "\r"u8, _ => default };
                to.Write(after is [(byte)'/', ..] ? [] : mark.IsEmpty ? text.Slice(at, backslashes) : mark);
                text = after[mark.Length..];
            }
        }

        to.Write(text);
    }
}
