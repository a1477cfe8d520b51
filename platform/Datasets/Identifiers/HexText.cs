namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Tells digits that are a part of a hash or a UUID.</summary>
internal static class HexText
{
    /// <summary>The digits of a UUID, or of 128 bits.</summary>
    private const int UuidDigits = 32;

    /// <summary>Whether a part of a text stands in a word of hexadecimal digits, hyphens among them, whose letters and figures change places three times or more.</summary>
    /// <remarks>A few letters before a number, after it, or on both sides are no such word, even if they are A to F.</remarks>
    public static bool IsWithin(ReadOnlySpan<byte> text, int start, int end)
    {
        while (start > 0 && IsOfWord(text[start - 1])) start--;
        while (end < text.Length && IsOfWord(text[end])) end++;
        var (letterRuns, figureRuns, digits, isAfterLetter) = (0, 0, 0, false);
        foreach (var c in text[start..end])
        {
            if (c == (byte)'-')
            {
                continue;
            }

            if (!char.IsAsciiHexDigit((char)c))
            {
                return false;
            }

            var isLetter = !char.IsAsciiDigit((char)c);
            letterRuns += isLetter && !isAfterLetter ? 1 : 0;
            figureRuns += !isLetter && (isAfterLetter || digits == 0) ? 1 : 0;
            isAfterLetter = isLetter;
            digits++;
        }

        return (letterRuns > 1 && figureRuns > 1) || (letterRuns > 0 && digits == UuidDigits);
    }

    private static bool IsOfWord(byte c) => char.IsAsciiLetterOrDigit((char)c) || c == (byte)'-';
}
