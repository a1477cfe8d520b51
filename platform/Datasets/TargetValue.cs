using System.Globalization;
using System.Text;

namespace Serverless.Platform.Datasets;

/// <summary>The form in which target values are compared, so that 1, 1.0 and " 1" are one class.</summary>
internal static class TargetValue
{
    private const int MostDigits = 15;

    /// <summary>Numbers in their shortest form, other values trimmed; empty where missing.</summary>
    public static string Of(ReadOnlySpan<byte> utf8)
    {
        var text = ValueParser.Category(utf8);
        // Codes of eight digits are no longer distinct in single precision, nor those of sixteen in double precision: these are compared letter by letter.
        return !text.IsEmpty && ValueParser.TryNumber(text, out _) && CountDigits(text) <= MostDigits
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : Encoding.UTF8.GetString(text);
    }

    private static int CountDigits(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var character in text) count += char.IsAsciiDigit((char)character) ? 1 : 0;
        return count;
    }

    public static string Of(string value) => Of(Encoding.UTF8.GetBytes(value));
}
