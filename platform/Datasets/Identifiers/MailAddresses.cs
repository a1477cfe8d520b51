using System.Buffers;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Mail addresses: a local part, an at sign, a domain with at least one dot that ends in letters (RFC 5321, without quotes and address literals).</summary>
internal static class MailAddresses
{
    public const int LongestLocalPart = 64;
    public const int ShortestTopLevel = 2;

    private static readonly SearchValues<byte> Marks = SearchValues.Create("!#$%&'*+-/=?^_`{|}~."u8);

    /// <summary>Reads the address whose at sign stands at <paramref name="at"/>; none of it stands before <paramref name="from"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, int at, int from, out FoundIdentifier found)
    {
        var start = at;
        while (start > from && at - start < LongestLocalPart && IsLocal(text[start - 1]))
        {
            start--;
        }

        while (start < at && text[start] == (byte)'.')
        {
            start++;
        }

        var end = at + 1;
        var lastDot = -1;
        while (end < text.Length && IsDomain(text[end]))
        {
            lastDot = text[end] == (byte)'.' ? end : lastDot;
            end++;
        }

        // A sentence may end behind an address.
        while (end > at + 1 && text[end - 1] is (byte)'.' or (byte)'-')
        {
            end--;
            lastDot = text[(at + 1)..end].LastIndexOf((byte)'.') is >= 0 and var dot ? at + 1 + dot : -1;
        }

        var isAddress = start < at && lastDot > at + 1 && end - lastDot - 1 >= ShortestTopLevel
            && text[(lastDot + 1)..end].IndexOfAnyExcept(Letters) < 0 && text[(at + 1)..end].IndexOf(".."u8) < 0;
        found = isAddress ? new FoundIdentifier(IdentifierKind.Email, start, end - start) : default;
        return isAddress;
    }

    private static readonly SearchValues<byte> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    public static bool IsLocal(byte c) => char.IsAsciiLetterOrDigit((char)c) || c >= 0x80 || Marks.Contains(c);

    public static bool IsDomain(byte c) => char.IsAsciiLetterOrDigit((char)c) || c is (byte)'.' or (byte)'-' || c >= 0x80;
}
