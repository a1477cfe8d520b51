using System.Globalization;
using System.Text;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>How many strings of digits that begin as an issuer's do, and are as long, were looked at before one was taken for a card number, or none was.</summary>
/// <param name="Usual">Those that are written as card numbers mostly are.</param>
/// <param name="Other">Those in other groups, or of another length, or with digits run together with them.</param>
internal readonly record struct CardTries(int Usual, int Other)
{
    public static CardTries operator +(CardTries a, CardTries b) => new(a.Usual + b.Usual, a.Other + b.Other);
}

/// <summary>
/// Numbers of payment cards in texts: 13 to 19 digits, at once or in groups set apart by marks, digit by digit too, with letters before and after them
/// or not. One in ten of other digit strings has a right check digit too, so whether a column holds card numbers is decided over the column.
/// </summary>
internal static class CardNumbers
{
    private const int MostGroups = 12;

    /// <summary>A year and a month, and a service code, follow a card number on its magnetic stripe.</summary>
    private const int LeastTrackDigits = 7;

    /// <summary>Reads the groups of digits that begin at <paramref name="at"/>; where a later one of them begins a card number, that.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, int at, out FoundIdentifier found)
    {
        found = default;
        if (text.Length - at < CardIssuers.LeastDigits)
        {
            return false;
        }

        var run = DigitsAt(text, at);
        if (run > CardIssuers.MostDigits)
        {
            return TryReadLongRun(text, at, run, out found);
        }

        if (!TryReadFrom(text, at, run, out found))
        {
            return at == 0 && TryReadExponent(text, out found);
        }

        var (end, tries) = (found.End, found.Tries);
        for (var later = at + Math.Max(run, 1); later < end && text.Length - later >= CardIssuers.LeastDigits && !IsUsualCard(found); later++)
        {
            if (DigitText.DigitAt(text, later, out _) > 0 && !DigitText.IsDigitBefore(text, later) && TryReadFrom(text, later, DigitsAt(text, later), out var other))
            {
                tries += other.Tries;
                if (other.Card == CardLikeness.Checked && (found.Card < CardLikeness.Checked || other.IsUsual))
                {
                    found = other;
                }
            }
        }

        found = found with { Tries = tries };
        return true;

        static bool IsUsualCard(in FoundIdentifier card) => card is { Card: CardLikeness.Checked, IsUsual: true };
    }

    private static bool TryReadFrom(ReadOnlySpan<byte> text, int at, int run, out FoundIdentifier found) =>
        run <= 1 && SpacedCardNumbers.Begin(text, at) ? SpacedCardNumbers.TryRead(text, at, out found) : TryReadGroups(text, at, run, out found);

    private static bool TryReadGroups(ReadOnlySpan<byte> text, int at, int run, out FoundIdentifier found)
    {
        found = default;
        var isWithinNumber = IsWithinNumber(text, at);
        if (run is > 0 and < CardIssuers.LeastDigits && !IsCardGroup(run) ? isWithinNumber || DigitText.IsLoose(text[at + run]) : isWithinNumber && !IsCardGroup(run))
        {
            return false;
        }

        Span<byte> digits = stackalloc byte[CardIssuers.MostDigits];
        Span<DigitGroup> groups = stackalloc DigitGroup[MostGroups];
        var ended = ReadGroups(text, at, digits, groups);

        // Of groups that are less than a card number each, as many as make the best one, and the most of these.
        var tries = default(CardTries);
        for (var last = ended - 1; last >= 0 && groups[last].Digits >= CardIssuers.LeastDigits; last--)
        {
            var group = groups[last];
            var card = digits[..group.Digits];
            var likeness = CardIssuers.LikenessOf(card);
            var isUsual = likeness >= CardLikeness.Issuer && (last == 0 || (group.IsUsual && card.Length == CardIssuers.UsualLength(card)));
            likeness = last == 0 && likeness < CardLikeness.Issuer ? CardIssuers.LikenessOfRun(card) : likeness;
            if (likeness == CardLikeness.Length && found.Length > 0)
            {
                continue;
            }

            var end = group.HasShape ? group.End : group.LooseMarks > 0 || isWithinNumber ? -1 : WithoutFraction(text, group.End, group.Digits);
            end = likeness == CardLikeness.Checked && end == group.End ? EndOfTrack(text, end) : end;
            if (end < 0 || (end <= group.End + LeastTrackDigits && HexText.IsWithin(text, at, group.End)))
            {
                continue;
            }

            tries += likeness < CardLikeness.Issuer ? default : new CardTries(isUsual ? 1 : 0, isUsual ? 0 : 1);
            if (likeness > found.Card || (likeness == found.Card && isUsual && !found.IsUsual))
            {
                found = new FoundIdentifier(IdentifierKind.CardNumber, at, end - at, likeness) { IsUsual = isUsual };
            }
        }

        if (found.Length == 0)
        {
            return false;
        }

        found = found with { Tries = tries };
        return true;
    }

    /// <summary>Reads groups of digits up to the first that is none, or that has too many, or that is no card's with the marks before it; how many were read whole.</summary>
    private static int ReadGroups(ReadOnlySpan<byte> text, int at, Span<byte> digits, Span<DigitGroup> groups)
    {
        var (count, ended, begun, marks, loose) = (0, 0, 0, 0, 0);

        // All groups so far are as a card's; and as most cards'.
        var (hasShape, isUsual) = (true, true);
        for (var i = at; i < text.Length && count < digits.Length && ended < groups.Length;)
        {
            if (DigitText.DigitAt(text, i, out var digit) is > 0 and var length)
            {
                digits[count++] = digit;
                marks = 0;
                i += length;
                if (DigitText.DigitAt(text, i, out _) == 0)
                {
                    groups[ended] = new DigitGroup(i, count, loose, hasShape && ended > 1, isUsual && ended > 1);
                    hasShape = hasShape && IsCardGroup(count - begun);
                    isUsual = isUsual && (count - begun == 4 || (count - begun == 6 && ended == 1));
                    ended++;
                    begun = count;
                }
            }
            else if (marks < DigitText.MostMarks && DigitText.MarkAt(text, i, out var isLoose) is > 0 and var mark && (hasShape || (loose == 0 && !isLoose)))
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

    /// <summary>How many ASCII digits run together, as far as one more than a card number has.</summary>
    private static int DigitsAt(ReadOnlySpan<byte> text, int at)
    {
        var end = at;
        while (end < text.Length && end - at <= CardIssuers.MostDigits && char.IsAsciiDigit((char)text[end])) end++;
        return end - at;
    }

    /// <summary>Whether so many digits are one of the groups of a card: amounts, dates and versions have points, slashes and such within them too, but seldom these.</summary>
    private static bool IsCardGroup(int digits) => digits is 4 or 6;

    /// <summary>Whether the digits are the decimals of a number, or have its sign; digits after a comma, and as many before it as a card has, are the next of a list.</summary>
    private static bool IsWithinNumber(ReadOnlySpan<byte> text, int at) => at > 0 && text[at - 1] switch
    {
        (byte)'.' => at == 1 || char.IsAsciiDigit((char)text[at - 2]),
        (byte)',' => at == 1
            || (char.IsAsciiDigit((char)text[at - 2]) && at - 2 - text[..(at - 1)].LastIndexOfAnyExceptInRange((byte)'0', (byte)'9') < CardIssuers.LeastDigits),
        (byte)'-' or (byte)'+' => at == 1,
        _ => false,
    };

    /// <summary>The end of digits with decimals: a column of numbers with gaps is often written as 4111111111111111.0. −1: the number is no whole one.</summary>
    private static int WithoutFraction(ReadOnlySpan<byte> text, int end, int digits)
    {
        // Numbers are seldom written with more figures than these, and no date follows their decimals.
        const int MostFigures = 18;

        if (end + 1 >= text.Length || text[end] is not ((byte)'.' or (byte)',') || !char.IsAsciiDigit((char)text[end + 1]))
        {
            return end;
        }

        var after = text[(end + 1)..];
        if (text[end] == (byte)'.' && after.IndexOfAnyExcept((byte)'0') < 0)
        {
            return text.Length;
        }

        var decimals = after.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var some ? some : after.Length;
        var isFraction = digits + after[..decimals].TrimEnd((byte)'0').Length <= MostFigures || text[end] == (byte)'.';
        return isFraction && after[decimals..] is not [(byte)'/', ..] ? -1 : end;
    }

    /// <summary>The end of what stands on a card's magnetic stripe after the number, as <c>=2512101…</c> or with a D; where there is none, of the number.</summary>
    private static int EndOfTrack(ReadOnlySpan<byte> text, int end)
    {
        if (end >= text.Length || text[end] is not ((byte)'=' or (byte)'D' or (byte)'d'))
        {
            return end;
        }

        var after = text[(end + 1)..];
        var length = after.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var other ? other : after.Length;
        return length >= LeastTrackDigits && CardIssuers.IsExpiry([(byte)(after[0] - '0'), (byte)(after[1] - '0'), (byte)(after[2] - '0'), (byte)(after[3] - '0')])
            ? end + 1 + length
            : end;
    }

    /// <summary>Digits that run together, more than a card number has.</summary>
    private static bool TryReadLongRun(ReadOnlySpan<byte> text, int at, int known, out FoundIdentifier found)
    {
        found = default;
        var run = text[(at + known)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var more ? text.Slice(at, known + more) : text[at..];
        if (IsWithinNumber(text, at) || WithoutFraction(text, at + run.Length, run.Length) < 0 || HexText.IsWithin(text, at, at + run.Length))
        {
            return false;
        }

        // Before a card number there may be zeros, and after it a date and a code.
        Span<byte> digits = stackalloc byte[2 * CardIssuers.MostDigits];
        var likeness = CardLikeness.Length;
        if (run.Length <= digits.Length)
        {
            digits = digits[..run.Length];
            for (var i = 0; i < run.Length; i++)
            {
                digits[i] = (byte)(run[i] - '0');
            }

            likeness = CardIssuers.LikenessOfRun(digits);
        }

        found = new FoundIdentifier(IdentifierKind.CardNumber, at, run.Length, likeness) { Tries = new CardTries(0, likeness < CardLikeness.Issuer ? 0 : 1) };
        return true;
    }

    /// <summary>A spreadsheet writes long numbers as 4.111111111111111E+15.</summary>
    private static bool TryReadExponent(ReadOnlySpan<byte> text, out FoundIdentifier found)
    {
        found = default;
        if (text.Length is < CardIssuers.LeastDigits or > 32 || text.IndexOfAny((byte)'e', (byte)'E') < 0
            || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            || number != decimal.Truncate(number))
        {
            return false;
        }

        var digits = Encoding.ASCII.GetBytes(decimal.Truncate(number).ToString("F0", CultureInfo.InvariantCulture));
        if (digits.Length is < CardIssuers.LeastDigits or > CardIssuers.MostDigits)
        {
            return false;
        }

        var likeness = CardIssuers.LikenessOf([.. digits.Select(d => (byte)(d - '0'))]);
        found = new FoundIdentifier(IdentifierKind.CardNumber, 0, text.Length, likeness)
        {
            IsUsual = true,
            Tries = new CardTries(likeness < CardLikeness.Issuer ? 0 : 1, 0),
        };
        return true;
    }

    /// <summary>A group of digits.</summary>
    /// <param name="End">Where it ends.</param>
    /// <param name="Digits">The digits up to there.</param>
    /// <param name="LooseMarks">The marks up to there that other numbers have within them too.</param>
    /// <param name="HasShape">Whether it is the third at least, and the groups before it are of four or six digits each.</param>
    /// <param name="IsUsual">Whether it is the third at least, and the groups before it are four and four, or four and six.</param>
    private readonly record struct DigitGroup(int End, int Digits, int LooseMarks, bool HasShape, bool IsUsual);
}
