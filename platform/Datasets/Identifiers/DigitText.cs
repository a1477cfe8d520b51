namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>How identifiers are written out: their digits, also the full-width ones, and the marks that set groups of them apart.</summary>
internal static class DigitText
{
    /// <summary>The most marks between two groups: as in <c>4111 - 1111</c>.</summary>
    public const int MostMarks = 3;

    /// <summary>The length in bytes of the digit at a place; 0: there is none.</summary>
    public static int DigitAt(ReadOnlySpan<byte> text, int at, out byte digit)
    {
        digit = 0;
        if ((uint)at >= (uint)text.Length)
        {
            return 0;
        }

        if (char.IsAsciiDigit((char)text[at]))
        {
            digit = (byte)(text[at] - '0');
            return 1;
        }

        // U+FF10 to U+FF19.
        if (at + 2 < text.Length && text[at] == 0xEF && text[at + 1] == 0xBC && text[at + 2] is >= 0x90 and <= 0x99)
        {
            digit = (byte)(text[at + 2] - 0x90);
            return 3;
        }

        return 0;
    }

    /// <summary>Whether a digit ends just before a place.</summary>
    public static bool IsDigitBefore(ReadOnlySpan<byte> text, int at) =>
        at > 0 && (DigitAt(text, at - 1, out _) == 1 || (at > 2 && DigitAt(text, at - 3, out _) == 3));

    /// <summary>Whether a character is a mark that other numbers have within them too.</summary>
    public static bool IsLoose(byte mark) => mark is (byte)'.' or (byte)'/' or (byte)'_' or (byte)':' or (byte)'*';

    /// <summary>Whether a character is a tab or breaks a line.</summary>
    public static bool IsBreak(byte mark) => mark is (byte)'\t' or (byte)'\n' or (byte)'\r';

    /// <summary>The length in bytes of the mark at a place: a space, a tab, a line break, a dash or one that is not seen, or one of <c>. / _ : *</c>; 0: there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The place.</param>
    /// <param name="isLoose">Whether it is a mark that other numbers have within them too.</param>
    public static int MarkAt(ReadOnlySpan<byte> text, int at, out bool isLoose)
    {
        isLoose = IsLoose(text[at]);
        if (isLoose || text[at] is (byte)' ' or (byte)'-' || IsBreak(text[at]))
        {
            return 1;
        }

        return text[at..] switch
        {
            [0xC2, 0xA0 or 0xAD, ..] => 2, // no-break space, soft hyphen
            [0xE2, 0x80, (>= 0x80 and <= 0x95) or 0xAF, ..] => 3, // spaces, joiners and dashes, U+2000 to U+2015; narrow no-break space
            [0xE2, 0x81, 0xA0, ..] or [0xE2, 0x88, 0x92, ..] => 3, // word joiner, minus sign
            [0xE3, 0x80, 0x80, ..] or [0xEF, 0xBC, 0x8D, ..] or [0xEF, 0xB9, 0x98 or 0xA3, ..] or [0xEF, 0xBB, 0xBF, ..] => 3, // wide space, hyphens, byte order mark
            _ => 0,
        };
    }
}
