using System.Buffers;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>A direct identifier within a text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins, in bytes.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Card">Of digits as long as a card number's: how much they are one.</param>
internal readonly record struct FoundIdentifier(IdentifierKind Kind, int Start, int Length, CardLikeness Card = CardLikeness.None)
{
    public int End => Start + Length;

    /// <summary>Whether a card number is written as they mostly are.</summary>
    public bool IsUsual { get; init; }

    /// <summary>What was looked at for a card number here.</summary>
    public CardTries Tries { get; init; }

    /// <summary>Whether it is one by itself, whatever else its column holds.</summary>
    public bool IsCertain => Kind != IdentifierKind.CardNumber || Card == CardLikeness.Checked;
}

/// <summary>Finds card numbers, IBANs, mail addresses and telephone numbers in a text, from its start to its end.</summary>
internal static class IdentifierFinder
{
    /// <summary>The shortest that can be one: <c>a@b.co</c>.</summary>
    private const int Shortest = 6;

    private static readonly SearchValues<byte> Signs = SearchValues.Create("@+"u8);

    /// <summary>Whether a text is worth a closer look; nearly all values of a table are not, and this says so at once.</summary>
    public static bool MayHold(ReadOnlySpan<byte> text) =>
        text.Length >= Shortest
        && (text.Length >= CardIssuers.LeastDigits || text.ContainsAny(Signs) || (text.Length >= PhoneNumbers.LeastWithZeros && text.IndexOf(PhoneNumbers.Zeros) >= 0));

    /// <summary>The next identifier that begins at <paramref name="from"/> or after.</summary>
    public static bool TryFind(ReadOnlySpan<byte> text, int from, out FoundIdentifier found)
    {
        found = default;
        for (var at = from; at < text.Length; at++)
        {
            var first = text[at];
            if (first == (byte)'@')
            {
                if (MailAddresses.TryRead(text, at, from, out found))
                {
                    return true;
                }
            }
            else if (DigitText.DigitAt(text, at, out _) > 0)
            {
                if (!DigitText.IsDigitBefore(text, at)
                    && ((IsWordStart(text, at) && PhoneNumbers.TryReadWithZeros(text, at, out found)) || CardNumbers.TryRead(text, at, out found)))
                {
                    return true;
                }
            }
            else if (IsWordStart(text, at)
                && (first == (byte)'+' ? PhoneNumbers.TryRead(text, at, out found) : char.IsAsciiLetter((char)first) && Ibans.TryRead(text, at, out found)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWordStart(ReadOnlySpan<byte> text, int at) => at == 0 || !char.IsAsciiLetterOrDigit((char)text[at - 1]);
}
