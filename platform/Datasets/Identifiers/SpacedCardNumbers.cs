using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Card numbers written digit by digit: <c>4 1 1 1 …</c>, with a wider gap here and there too.</summary>
/// <remarks>Lists of figures look like this. So only one that begins with the first figure counts, of its issuer's usual length, whatever comes after it.</remarks>
internal static class SpacedCardNumbers
{
    private const int PrefixDigits = 6;

    /// <summary>Whether the digit at a place stands alone, and the next one too.</summary>
    public static bool Begin(ReadOnlySpan<byte> text, int at)
    {
        var end = at + DigitText.DigitAt(text, at, out _);
        var next = end + GapAt(text, end, out _);
        return next > end && DigitText.DigitAt(text, next + DigitText.DigitAt(text, next, out _), out _) == 0;
    }

    /// <summary>Reads the digits that begin at a place.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, int at, out FoundIdentifier found)
    {
        found = default;
        var end = at + DigitText.DigitAt(text, at, out _);
        if (GapAt(text, end, out var mark) == 0 || IsAfterDigit(text, at, mark))
        {
            return false;
        }

        Span<byte> digits = stackalloc byte[CardIssuers.MostDigits];
        var (count, usual) = (0, CardIssuers.LeastDigits);
        for (var i = at; count < usual && DigitText.DigitAt(text, i, out var digit) is > 0 and var length;)
        {
            digits[count++] = digit;
            end = i + length;
            usual = count == PrefixDigits ? CardIssuers.UsualLength(digits) : usual;
            if (count == usual)
            {
                break;
            }

            if (GapAt(text, end, out var other) is not (> 0 and var gap) || other != mark)
            {
                return false;
            }

            i = end + gap;
        }

        if (count < CardIssuers.LeastDigits || DigitText.DigitAt(text, end, out _) > 0)
        {
            return false;
        }

        found = new FoundIdentifier(IdentifierKind.CardNumber, at, end - at, CardIssuers.LikenessOf(digits[..count])) { Tries = new CardTries(0, 1) };
        return true;
    }

    /// <summary>The length of the marks before the next digit; 0: there are none, or too many, or of two sorts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where they begin.</param>
    /// <param name="mark">The mark, where it is one that other numbers have within them too; 0: spaces and dashes.</param>
    private static int GapAt(ReadOnlySpan<byte> text, int at, out byte mark)
    {
        var (gap, marks) = (0, 0);
        mark = 0;
        while (at + gap < text.Length && DigitText.MarkAt(text, at + gap, out var isLoose) is > 0 and var length)
        {
            var found = isLoose ? text[at + gap] : (byte)0;
            if (++marks > DigitText.MostMarks || (marks > 1 && found != mark))
            {
                return 0;
            }

            mark = found;
            gap += length;
        }

        return DigitText.DigitAt(text, at + gap, out _) > 0 ? gap : 0;
    }

    /// <summary>Whether a digit that stands alone, with the same mark after it, stands before a place.</summary>
    private static bool IsAfterDigit(ReadOnlySpan<byte> text, int at, byte mark)
    {
        const int LongestMark = 3;

        for (var before = at - 1; before > 0 && before >= at - (DigitText.MostMarks * LongestMark); before--)
        {
            if (DigitText.IsDigitBefore(text, before))
            {
                var digit = DigitText.DigitAt(text, before - 1, out _) > 0 ? 1 : 3;
                return GapAt(text, before, out var other) == at - before && other == mark && !DigitText.IsDigitBefore(text, before - digit);
            }
        }

        return false;
    }
}
