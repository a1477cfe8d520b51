using System.Globalization;
using System.Text.RegularExpressions;

namespace Serverless.Platform.Datasets;

/// <summary>Numbers as people write them in one country or another: they are texts to the platform, since 1,234 is one thing here and another there.</summary>
internal static partial class NumberForms
{
    private const int Longest = 40;

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
        @"^[+-]?\s?(?:[€$£¥]|[A-Z]{3})?\s?[+-]?(?:\d{1,3}(?:[.,'’\s]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)\s?(?:[€$£¥%‰]|[A-Z]{3})?$", RegexOptions.CultureInvariant)]
    private static partial Regex Local();
}
