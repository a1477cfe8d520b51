using System.Buffers.Text;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>
/// Telephone numbers in international form (E.164): a plus sign, or two zeros and a country's code, and 8 to 15 digits that do not begin with 0, set
/// apart by spaces, dashes, dots, slashes or brackets. Other forms cannot be told from numbers.
/// </summary>
internal static class PhoneNumbers
{
    private const int LeastDigits = 8;
    private const int MostDigits = 15;

    /// <summary>Digits without a mark among them are seldom a telephone number if they are fewer.</summary>
    private const int LeastBareDigits = 10;

    /// <summary>The least length of one that begins with two zeros.</summary>
    public const int LeastWithZeros = 2 + LeastDigits;

    /// <summary>In North America a country's code, an area, and a number; the latter two do not begin with 0 or 1.</summary>
    private const int NorthAmericanDigits = 11;

    /// <summary>What stands for the plus sign where that cannot be dialled.</summary>
    public static ReadOnlySpan<byte> Zeros => "00"u8;

    public static bool TryRead(ReadOnlySpan<byte> text, int at, out FoundIdentifier found) => TryRead(text, at, at + 1, hasPlus: true, out found);

    /// <summary>Reads a number as <c>0049 30 1234567</c>.</summary>
    public static bool TryReadWithZeros(ReadOnlySpan<byte> text, int at, out FoundIdentifier found)
    {
        found = default;
        return text[at..].StartsWith(Zeros) && !IsWithinNumber(text, at) && TryRead(text, at, at + Zeros.Length, hasPlus: false, out found)
            && !HexText.IsWithin(text, at, found.End);
    }

    /// <summary>Whether the zeros are the decimals of a number, or a group of its digits or of another number's.</summary>
    private static bool IsWithinNumber(ReadOnlySpan<byte> text, int at) =>
        at > 1 && text[at - 1] is ((byte)'.' or (byte)',' or (byte)'-' or (byte)'/' or (byte)'_') && DigitText.IsDigitBefore(text, at - 1);

    private static bool TryRead(ReadOnlySpan<byte> text, int at, int first, bool hasPlus, out FoundIdentifier found)
    {
        found = default;
        if (DigitText.DigitAt(text, first, out var leading) == 0 || leading == 0)
        {
            return false;
        }

        Span<byte> number = stackalloc byte[MostDigits];
        var (digits, marks, allMarks, end) = (0, 0, 0, first);
        for (var i = first; i < text.Length && marks <= DigitText.MostMarks;)
        {
            if (DigitText.DigitAt(text, i, out var digit) is > 0 and var length)
            {
                if (digits == MostDigits)
                {
                    return false;
                }

                number[digits++] = (byte)(digit + '0');
                allMarks += marks;
                (marks, end) = (0, i + length);
                i += length;
            }
            else if (MarkAt(text, i) is > 0 and var mark)
            {
                marks++;
                i += mark;
            }
            else
            {
                break;
            }
        }

        if (digits < LeastDigits || (end < text.Length && char.IsAsciiLetter((char)text[end]))
            || (!hasPlus && allMarks == 0 && digits < LeastBareDigits)
            || ((!hasPlus || IsInThousands(text[first..end])) && !BeginsAsInACountry(number[..digits])))
        {
            return false;
        }

        found = new FoundIdentifier(IdentifierKind.Phone, at, end - at);
        return true;
    }

    /// <summary>A colon ends a telephone number, and so does a line or a tab, since another word of the text comes after it.</summary>
    private static int MarkAt(ReadOnlySpan<byte> text, int at) => text[at] switch
    {
        (byte)'(' or (byte)')' => 1,
        (byte)':' or (byte)'*' => 0,
        var mark when DigitText.IsBreak(mark) => 0,
        _ => DigitText.MarkAt(text, at, out _),
    };

    /// <summary>Whether digits are set apart as those of a count are: <c>+12 345 678</c>.</summary>
    private static bool IsInThousands(ReadOnlySpan<byte> number)
    {
        const int Group = 4;

        var leading = number.IndexOf((byte)' ');
        if (leading is < 1 or >= Group || (number.Length - leading) % Group != 0)
        {
            return false;
        }

        for (var i = leading; i < number.Length; i++)
        {
            if ((i - leading) % Group == 0 ? number[i] != (byte)' ' : !char.IsAsciiDigit((char)number[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether digits begin with a country's code (ITU-T E.164).</summary>
    private static bool BeginsAsInACountry(ReadOnlySpan<byte> digits)
    {
        if (digits[0] == (byte)'1')
        {
            return digits.Length == NorthAmericanDigits && digits[1] >= (byte)'2' && digits[4] >= (byte)'2';
        }

        return Utf8Parser.TryParse(digits[..2], out int code, out _) && code is
            (>= 20 and <= 79 and not 28) or 81 or 82 or (>= 84 and <= 88 and not 87) or >= 90;
    }
}
