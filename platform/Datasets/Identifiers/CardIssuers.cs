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

/// <summary>What the digits of payment cards are (ISO/IEC 7812): an issuer's first ones, its number of them, a check digit by Luhn's rule, and what may come after them.</summary>
internal static class CardIssuers
{
    public const int LeastDigits = 13;
    public const int MostDigits = 19;

    /// <summary>A month and a year.</summary>
    private const int ExpiryDigits = 4;

    /// <summary>A service code or the digits of the back.</summary>
    private const int CodeDigits = 3;

    private const int LeastYear = 15;
    private const int MostYear = 39;

    /// <summary>First six digits from and to, and the least and most digits; the usual length first.</summary>
    private static readonly (int From, int To, int Least, int Most)[] Issuers =
    [
        (400000, 499999, 16, 16), (400000, 499999, 13, 13), (400000, 499999, 19, 19), // Visa
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

    /// <summary>How many digits card numbers mostly have that begin as these do; 0: no issuer's do.</summary>
    public static int UsualLength(ReadOnlySpan<byte> digits)
    {
        if (IsNoIssuers(digits[0]))
        {
            return 0;
        }

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

    /// <summary>How much 13 to 19 digits are a card number.</summary>
    public static CardLikeness LikenessOf(ReadOnlySpan<byte> digits)
    {
        if (IsNoIssuers(digits[0]))
        {
            return CardLikeness.Length;
        }

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

    /// <summary>How much digits that run together are a card number of the usual length with zeros before it, or with an expiry date after it.</summary>
    /// <remarks>The date is as MMYY or YYMM, alone or with a code of three digits. Other places within digits that run together are looked at by the column only.</remarks>
    public static CardLikeness LikenessOfRun(ReadOnlySpan<byte> digits)
    {
        var card = digits.TrimStart((byte)0);
        if (card.Length < LeastDigits || UsualLength(card) is not (> 0 and var usual) || usual > card.Length)
        {
            return CardLikeness.Length;
        }

        var after = card[usual..];
        var isMeant = after.Length == 0 || (card.Length == digits.Length && after.Length is ExpiryDigits or ExpiryDigits + CodeDigits && IsExpiry(after));
        return !isMeant ? CardLikeness.Length : PassesLuhn(card[..usual]) ? CardLikeness.Checked : CardLikeness.Issuer;
    }

    /// <summary>Whether digits begin with a month and a year that cards of our time end in, in either order.</summary>
    public static bool IsExpiry(ReadOnlySpan<byte> digits)
    {
        var (first, second) = ((10 * digits[0]) + digits[1], (10 * digits[2]) + digits[3]);
        return (IsMonth(first) && IsYear(second)) || (IsYear(first) && IsMonth(second));

        static bool IsMonth(int number) => number is >= 1 and <= 12;

        static bool IsYear(int number) => number is >= LeastYear and <= MostYear;
    }

    /// <summary>Most digit strings are told by their first digit.</summary>
    private static bool IsNoIssuers(byte first) => first is 0 or 1 or 7 or 9;

    private static int PrefixOf(ReadOnlySpan<byte> digits)
    {
        var prefix = 0;
        foreach (var digit in digits[..6])
        {
            prefix = (prefix * 10) + digit;
        }

        return prefix;
    }
}
