using System.Globalization;
using System.Text;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Numbers of bank accounts (ISO 13616): a country, two check digits and as many characters as the country has, in groups set apart by marks or not.</summary>
internal static class Ibans
{
    private const int Shortest = 15;

    /// <summary>The country's code and the check digits.</summary>
    private const int Head = 4;

    /// <summary>Country and form of what follows the check digits, by the registry of IBANs (SWIFT, release 99): so many figures (n), letters (a), or either (c).</summary>
    private const string Forms =
        "AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BI23n BR23n1a1c BY4c4n16c CH5n12c CR18n CY8n16c CZ20n DE18n DJ23n "
        + "DK14n DO4c20n EE16n EG25n ES20n FI14n FK2a12n FO14n FR10n11c2n GB4a14n GE2a16n GI4a15c GL14n GR7n16c GT24c HN4a20n HR17n HU24n IE4a14n "
        + "IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c LB4n20c LC4a24c LI5n12c LT16n LU3n13c LV4a13c LY21n MC10n11c2n MD20c ME18n "
        + "MK3n10c2n MN16n MR23n MT4a5n18c MU4a19n3a NI4a20n NL4a10n NO11n OM3n16c PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c RS18n RU14n15c "
        + "SA2n18c SC4a20n3a SD14n SE20n SI15n SK20n SM1a10n12c SO19n ST21n SV4a20n TL19n TN20n TR6n16c UA6n19c VA18n VG4a16n XK16n YE4a4n18c";

    private static readonly Dictionary<int, string> FormOf = Forms.Split(' ').ToDictionary(f => Country((byte)f[0], (byte)f[1]), f => FormWritten(f.AsSpan(2)));

    public static bool TryRead(ReadOnlySpan<byte> text, int at, out FoundIdentifier found)
    {
        found = default;
        if (text.Length - at < Shortest || !char.IsAsciiDigit((char)text[at + 2]) || !char.IsAsciiLetter((char)text[at + 1])
            || !FormOf.TryGetValue(Country(text[at], text[at + 1]), out var form))
        {
            return false;
        }

        var length = Head + form.Length;
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

    /// <summary>Reads one without marks that other letters and figures may touch, so the country's form is asked for too.</summary>
    public static bool TryReadWithin(ReadOnlySpan<byte> word, int at, out FoundIdentifier found)
    {
        found = default;
        if (word.Length - at < Shortest || !FormOf.TryGetValue(Country(word[at], word[at + 1]), out var form) || word.Length - at < Head + form.Length)
        {
            return false;
        }

        var iban = word.Slice(at, Head + form.Length);
        if (!char.IsAsciiDigit((char)iban[2]) || !HasForm(iban[Head..], form) || IsDate(iban[2..]) || !HasCheckDigits(iban))
        {
            return false;
        }

        found = new FoundIdentifier(IdentifierKind.Iban, at, iban.Length);
        return true;
    }

    /// <summary>Whether figures begin as a date does: after a word it is far more often one than an account, as in <c>tube20240131101112</c>.</summary>
    private static bool IsDate(ReadOnlySpan<byte> figures) =>
        figures is [(byte)'1', (byte)'9', ..] or [(byte)'2', (byte)'0', ..]
        && DateOnly.TryParseExact(Encoding.ASCII.GetString(figures[..8]), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool HasForm(ReadOnlySpan<byte> account, string form)
    {
        for (var i = 0; i < form.Length; i++)
        {
            var c = (char)account[i];
            if (form[i] switch { 'n' => !char.IsAsciiDigit(c), 'a' => !char.IsAsciiLetter(c), _ => !char.IsAsciiLetterOrDigit(c) })
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A form character by character: <c>aaannnn</c> for <c>3a4n</c>.</summary>
    private static string FormWritten(ReadOnlySpan<char> form)
    {
        var (written, count) = (new StringBuilder(), 0);
        foreach (var c in form)
        {
            if (char.IsAsciiDigit(c))
            {
                count = (10 * count) + c - '0';
            }
            else
            {
                written.Append(c, count);
                count = 0;
            }
        }

        return written.ToString();
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
            var c = iban[(i + Head) % iban.Length];
            rest = char.IsAsciiDigit((char)c) ? ((rest * 10) + c - '0') % 97 : ((rest * 100) + Upper(c) - 'A' + 10) % 97;
        }

        return rest == 1;
    }

    private static int Country(byte first, byte second) => (Upper(first) << 8) | Upper(second);

    private static int Upper(byte letter) => letter & ~0x20;
}
