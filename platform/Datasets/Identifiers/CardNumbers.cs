using System.Globalization;
using System.Text;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>How much a string of digits is a card number.</summary>
internal enum CardLikeness
{
    /// <summary>It is none.</summary>
    None,

    /// <summary>It is as long as one.</summary>
    Length,

    /// <summary>It also begins like those of an issuer, and has as many digits as its.</summary>
    Issuer,

    /// <summary>Its check digit is right too.</summary>
    Checked,
}

/// <summary>
/// Numbers of payment cards (ISO/IEC 7812): 13 to 19 digits, at once or in groups set apart by marks, with letters before and after them or not, that
/// begin as an issuer's do and pass Luhn's check. One in ten of other digit strings passes that too, so whether a column holds card numbers is decided over the column.
/// </summary>
internal static class CardNumbers
{
    public const int LeastDigits = 13;
    private const int MostDigits = 19;
    private const int MostGroups = 12;

    /// <summary>First six digits from and to, and the least and most digits.</summary>
    private static readonly (int From, int To, int Least, int Most)[] Issuers =
    [
        (400000, 499999, 13, 19), // Visa
        (510000, 559999, 16, 16), (222100, 272099, 16, 16), // Mastercard
        (340000, 349999, 15, 15), (370000, 379999, 15, 15), // American Express
        (601100, 601199, 16, 19), (644000, 659999, 16, 19), // Discover
        (352800, 358999, 16, 19), // JCB
        (300000, 305999, 14, 19), (309500, 309599, 14, 19), (360000, 369999, 14, 19), (380000, 399999, 14, 19), // Diners Club
        (620000, 629999, 16, 19), (810000, 817199, 16, 19), // UnionPay
        (220000, 220499, 16, 19), // Mir
        (501800, 501899, 13, 19), (502000, 502099, 13, 19), (503800, 503899, 13, 19), (589300, 589399, 13, 19), (630400, 630499, 13, 19),
        (675900, 675999, 13, 19), (676100, 676399, 13, 19), // Maestro
        (508500, 508999, 16, 16), (606900, 608599, 16, 16), (652100, 653199, 16, 16), // RuPay
    ];

    /// <summary>Reads the groups of digits that begin at <paramref name="at"/>; where a later one of them begins a card number, that.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, int at, out FoundIdentifier found)
    {
        if (!TryReadGroups(text, at, out found))
        {
            return TryReadExponent(text, at, out found);
        }

        for (var later = at + 1; later < found.End && found.Card < CardLikeness.Checked; later++)
        {
            if (DigitText.DigitAt(text, later, out _) > 0 && !DigitText.IsDigitBefore(text, later)
                && TryReadGroups(text, later, out var other) && other.Card == CardLikeness.Checked)
            {
                found = other;
            }
        }

        return true;
    }

    private static bool TryReadGroups(ReadOnlySpan<byte> text, int at, out FoundIdentifier found)
    {
        found = default;
        if (IsWithinNumber(text, at))
        {
            return false;
        }

        Span<byte> digits = stackalloc byte[MostDigits];
        Span<DigitGroup> groups = stackalloc DigitGroup[MostGroups];
        var ended = ReadGroups(text, at, digits, groups);

        // Of groups that are less than a card number each, as many as make the best one, and the most of these.
        for (var last = ended - 1; last >= 0 && groups[last].Digits >= LeastDigits; last--)
        {
            var group = groups[last];
            var end = group.LooseMarks > 0 ? (HasCardShape(groups[..(last + 1)]) ? group.End : -1) : WithoutFraction(text, group.End);
            var likeness = end < 0 ? CardLikeness.None : LikenessOf(digits[..group.Digits]);
            if (likeness > found.Card && !HexText.IsWithin(text, at, group.End))
            {
                found = new FoundIdentifier(IdentifierKind.CardNumber, at, end - at, likeness);
            }
        }

        return found.Length > 0;
    }

    /// <summary>Reads groups of digits up to the first that is none, or that has too many; how many were read whole.</summary>
    private static int ReadGroups(ReadOnlySpan<byte> text, int at, Span<byte> digits, Span<DigitGroup> groups)
    {
        var (count, ended, marks, loose) = (0, 0, 0, 0);
        for (var i = at; i < text.Length && count < digits.Length && ended < groups.Length;)
        {
            if (DigitText.DigitAt(text, i, out var digit) is > 0 and var length)
            {
                digits[count++] = digit;
                marks = 0;
                i += length;
                if (DigitText.DigitAt(text, i, out _) == 0)
                {
                    groups[ended++] = new DigitGroup(i, count, loose);
                }
            }
            else if (marks < DigitText.MostMarks && DigitText.MarkAt(text, i, out var isLoose) is > 0 and var mark)
            {
                marks++;
                loose += isLoose ? 1 : 0;
                i += mark;
            }
            else
            {
                break;
            }
        }

        return ended;
    }

    /// <summary>Whether groups with points, slashes or underscores between them are those of a card: three at least, of four or six digits each but the last.</summary>
    /// <remarks>Amounts, dates and versions have such marks too.</remarks>
    private static bool HasCardShape(ReadOnlySpan<DigitGroup> groups)
    {
        var before = 0;
        foreach (var group in groups[..^1])
        {
            if (group.Digits - before is not (4 or 6))
            {
                return false;
            }

            before = group.Digits;
        }

        return groups.Length > 2;
    }

    /// <summary>Whether the digits are the decimals of a number, or have its sign.</summary>
    private static bool IsWithinNumber(ReadOnlySpan<byte> text, int at) => at > 0 && text[at - 1] switch
    {
        (byte)'.' or (byte)',' => at == 1 || char.IsAsciiDigit((char)text[at - 2]),
        (byte)'-' or (byte)'+' => at == 1,
        _ => false,
    };

    /// <summary>How many digits card numbers mostly have that begin as these do; 0: no issuer's do.</summary>
    public static int UsualLength(ReadOnlySpan<byte> digits)
    {
        var prefix = PrefixOf(digits);
        foreach (var (from, to, least, most) in Issuers)
        {
            if (prefix >= from && prefix <= to)
            {
                return least == 14 ? least : Math.Clamp(16, least, most);
            }
        }

        return 0;
    }

    /// <summary>Whether the last of some digits is their check digit by Luhn's rule.</summary>
    public static bool PassesLuhn(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)];
            sum += i % 2 == 0 ? digit : digit > 4 ? (2 * digit) - 9 : 2 * digit;
        }

        return sum % 10 == 0;
    }

    private static int PrefixOf(ReadOnlySpan<byte> digits)
    {
        var prefix = 0;
        foreach (var digit in digits[..6])
        {
            prefix = (prefix * 10) + digit;
        }

        return prefix;
    }

    private static CardLikeness LikenessOf(ReadOnlySpan<byte> digits)
    {
        var prefix = PrefixOf(digits);
        foreach (var (from, to, least, most) in Issuers)
        {
            if (prefix >= from && prefix <= to && digits.Length >= least && digits.Length <= most)
            {
                return PassesLuhn(digits) ? CardLikeness.Checked : CardLikeness.Issuer;
            }
        }

        return CardLikeness.Length;
    }

    /// <summary>The end of digits with decimals: a column of numbers with gaps is often written as 4111111111111111.0. −1: the number is no whole one.</summary>
    private static int WithoutFraction(ReadOnlySpan<byte> text, int end) =>
        end + 1 >= text.Length || text[end] is not ((byte)'.' or (byte)',') || !char.IsAsciiDigit((char)text[end + 1]) ? end
        : text[end] == (byte)'.' && text[(end + 1)..].IndexOfAnyExcept((byte)'0') < 0 ? text.Length
        : -1;

    /// <summary>A spreadsheet writes long numbers as 4.111111111111111E+15.</summary>
    private static bool TryReadExponent(ReadOnlySpan<byte> text, int at, out FoundIdentifier found)
    {
        found = default;
        if (at != 0 || text.Length is < LeastDigits or > 32 || text.IndexOfAny((byte)'e', (byte)'E') < 0
            || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            || number != decimal.Truncate(number))
        {
            return false;
        }

        var digits = Encoding.ASCII.GetBytes(decimal.Truncate(number).ToString("F0", CultureInfo.InvariantCulture));
        if (digits.Length is < LeastDigits or > MostDigits)
        {
            return false;
        }

        found = new FoundIdentifier(IdentifierKind.CardNumber, 0, text.Length, LikenessOf([.. digits.Select(d => (byte)(d - '0'))]));
        return true;
    }

    /// <summary>A group of digits: where it ends, and how many digits and loose marks there are up to there.</summary>
    private readonly record struct DigitGroup(int End, int Digits, int LooseMarks);
}
