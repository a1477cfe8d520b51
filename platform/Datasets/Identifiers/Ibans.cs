using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Numbers of bank accounts (ISO 13616): a country, two check digits and as many characters as the country has, in groups set apart by marks or not.</summary>
internal static class Ibans
{
    private const int Shortest = 15;

    /// <summary>Country and length, by the registry of IBANs (SWIFT, release 99).</summary>
    private const string Lengths =
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26"
        + "IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25"
        + "SV28TL23TN24TR26UA29VA22VG24XK20YE30";

    private static readonly Dictionary<int, int> LengthOf = Enumerable.Range(0, Lengths.Length / 4).ToDictionary(
        i => Country((byte)Lengths[4 * i], (byte)Lengths[(4 * i) + 1]), i => ((Lengths[(4 * i) + 2] - '0') * 10) + Lengths[(4 * i) + 3] - '0');

    public static bool TryRead(ReadOnlySpan<byte> text, int at, out FoundIdentifier found)
    {
        found = default;
        if (text.Length - at < Shortest || !char.IsAsciiDigit((char)text[at + 2]) || !char.IsAsciiLetter((char)text[at + 1])
            || !LengthOf.TryGetValue(Country(text[at], text[at + 1]), out var length))
        {
            return false;
        }

        Span<byte> iban = stackalloc byte[length];
        var taken = 0;
        var (end, marks) = (at, 0);
        while (end < text.Length && taken < length)
        {
            if (char.IsAsciiLetterOrDigit((char)text[end]))
            {
                iban[taken++] = text[end++];
                marks = 0;
            }
            else if (marks++ < DigitText.MostMarks && DigitText.MarkAt(text, end, out _) is > 0 and var mark)
            {
                end += mark;
            }
            else
            {
                return false;
            }
        }

        if (taken < length || (end < text.Length && char.IsAsciiLetterOrDigit((char)text[end])) || !HasCheckDigits(iban) || HexText.IsWithin(text, at, end))
        {
            return false;
        }

        found = new FoundIdentifier(IdentifierKind.Iban, at, end - at);
        return true;
    }

    /// <summary>ISO 7064, MOD 97-10: with the first four characters put last and letters counted from 10, the number leaves 1.</summary>
    private static bool HasCheckDigits(ReadOnlySpan<byte> iban)
    {
        if (!char.IsAsciiDigit((char)iban[3]))
        {
            return false;
        }

        var rest = 0;
        for (var i = 0; i < iban.Length; i++)
        {
            var c = iban[(i + 4) % iban.Length];
            rest = char.IsAsciiDigit((char)c) ? ((rest * 10) + c - '0') % 97 : ((rest * 100) + Upper(c) - 'A' + 10) % 97;
        }

        return rest == 1;
    }

    private static int Country(byte first, byte second) => (Upper(first) << 8) | Upper(second);

    private static int Upper(byte letter) => letter & ~0x20;
}
