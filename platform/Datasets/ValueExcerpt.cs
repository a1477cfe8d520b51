using System.Text;
using Serverless.Platform.Datasets.Identifiers;

namespace Serverless.Platform.Datasets;

/// <summary>A value as a report may quote it: short, printable, and without a card number or another direct identifier.</summary>
internal static class ValueExcerpt
{
    private const int MaxLength = 32;
    private const int MaxDigits = 10;

    public static string Of(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 4 * MaxLength)]);
        return Of(text);
    }

    public static string Of(string text)
    {
        text = IdentifierMask.Apply(text);
        var masked = text.Count(char.IsAsciiDigit) > MaxDigits;
        var excerpt = new StringBuilder();
        foreach (var c in text.Take(MaxLength))
        {
            excerpt.Append(char.IsControl(c) ? ' ' : masked && char.IsAsciiDigit(c) ? '*' : c);
        }

        return text.Length > MaxLength ? $"{excerpt}…" : excerpt.ToString();
    }
}
