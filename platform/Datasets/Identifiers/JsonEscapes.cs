using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Reads <c>\u0034</c> and <c>\/</c> as JSON does, whatever else a text is.</summary>
internal static class JsonEscapes
{
    private const int CodeDigits = 4;

    public static bool MayHold(ReadOnlySpan<byte> text) => text.IndexOf("\\u"u8) >= 0 || text.IndexOf("\\/"u8) >= 0;

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
                to.Write(after is [(byte)'/', ..] ? [] : text.Slice(at, backslashes));
                text = after;
            }
        }

        to.Write(text);
    }
}
