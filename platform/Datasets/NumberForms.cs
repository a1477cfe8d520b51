using System.Globalization;
using System.Text.RegularExpressions;

namespace Serverless.Platform.Datasets;

/// <summary>Numbers as people write them in one country or another: they are texts to the platform, since 1,234 is one thing here and another there.</summary>
internal static partial class NumberForms
{
    private const int Longest = 40;

    // ISO 4217's codes of money that circulates: three other letters before digits are somebody's own numbering.
    private const string Currencies =
        "AED|AFN|ALL|AMD|ANG|AOA|ARS|AUD|AWG|AZN|BAM|BBD|BDT|BGN|BHD|BIF|BMD|BND|BOB|BRL|BSD|BTN|BWP|BYN|BZD|CAD|CDF|CHF|CLP|CNY|COP|CRC|CUP|CVE|CZK|DJF|DKK|DOP|DZD|EGP|ERN|ETB|EUR|FJD|FKP|" +
        "GBP|GEL|GHS|GIP|GMD|GNF|GTQ|GYD|HKD|HNL|HTG|HUF|IDR|ILS|INR|IQD|IRR|ISK|JMD|JOD|JPY|KES|KGS|KHR|KMF|KPW|KRW|KWD|KYD|KZT|LAK|LBP|LKR|LRD|LSL|LYD|MAD|MDL|MGA|MKD|MMK|MNT|MOP|MRU|MUR|MVR|MWK|" +
        "MXN|MYR|MZN|NAD|NGN|NIO|NOK|NPR|NZD|OMR|PAB|PEN|PGK|PHP|PKR|PLN|PYG|QAR|RON|RSD|RUB|RWF|SAR|SBD|SCR|SDG|SEK|SGD|SHP|SLE|SOS|SRD|SSP|STN|SVC|SYP|SZL|THB|TJS|TMT|TND|TOP|TRY|TTD|TWD|TZS|UAH|" +
        "UGX|USD|UYU|UZS|VED|VES|VND|VUV|WST|XAF|XCD|XOF|XPF|YER|ZAR|ZMW|ZWG";

    /// <summary>Whether a text that is no number looks like one with a decimal comma, thousands separators, a currency or a percent sign.</summary>
    public static bool IsLocal(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > Longest || !utf8.ContainsAnyInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        Span<char> chars = stackalloc char[Longest];
        return System.Text.Encoding.UTF8.TryGetChars(utf8, chars, out var length) && Local().IsMatch(chars[..length]);
    }

    /// <summary>What is to be known of a column whose values are numbers or dates to people, and texts to the platform; null: nothing.</summary>
    public static string? Remark(ColumnSurvey survey)
    {
        if (survey.Values == 0 || survey.Numbers >= DatasetSchema.NumberShare * survey.Values)
        {
            return null;
        }

        if (survey.Numbers + survey.LocalNumbers >= DatasetSchema.NumberShare * survey.Values && survey.LocalNumbers > 0)
        {
            return Say(survey.LocalNumbers, survey.Values, "are numbers with a decimal comma, thousands separators or a unit; write them with a point as decimal sign, no thousands separators and no unit");
        }

        if (survey.Forms.Slashed >= DatasetSchema.NumberShare * survey.Values)
        {
            return Say(survey.Forms.Slashed, survey.Values, "are dates as dd/MM/yyyy or MM/dd/yyyy, which can be read in two ways; write them as yyyy-MM-dd");
        }

        return survey.Numbers + survey.BeyondNumbers >= DatasetSchema.NumberShare * survey.Values && survey.BeyondNumbers > 0
            ? Say(survey.BeyondNumbers, survey.Values, "are infinite, or numbers beyond those that are computed with, up to 1e38; leave them empty, or write them in a larger unit")
            : null;
    }

    private static string Say(long count, long values, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} of {values} values {what}");

    [GeneratedRegex(
        @"^[+-]?\s?(?:[€$£¥]|" + Currencies + @")?\s?[+-]?(?:\d{1,3}(?:[.,'’\s]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)\s?(?:[€$£¥%‰]|" + Currencies + ")?$", RegexOptions.CultureInvariant)]
    private static partial Regex Local();
}
