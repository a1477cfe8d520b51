using System.Globalization;
using System.Text;

namespace Serverless.Platform.Datasets;

/// <summary>The form in which target values are compared, so that 1, 1.0 and " 1" are one class.</summary>
internal static class TargetValue
{
    /// <summary>Numbers in their shortest form, other values trimmed; empty where missing.</summary>
    public static string Of(ReadOnlySpan<byte> utf8)
    {
        var text = ValueParser.Category(utf8);
        return !text.IsEmpty && ValueParser.TryNumber(text, out var number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : Encoding.UTF8.GetString(text);
    }

    public static string Of(string value) => Of(Encoding.UTF8.GetBytes(value));
}
