using System.Text;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>The ids that begin with a text, as a range in SQLite's order of texts: that of their bytes in UTF-8, which is that of their code points.</summary>
internal static class IdPrefix
{
    private const int LastBeforeSurrogates = 0xD7FF;
    private const int FirstAfterSurrogates = 0xE000;
    private const int LastCodePoint = 0x10FFFF;

    /// <returns>The first text after all those that begin with the prefix; null when there is none.</returns>
    /// <exception cref="ArgumentException">The prefix has half of a surrogate pair.</exception>
    public static string? End(string prefix)
    {
        WellFormedText.ThrowIfNot(prefix, "id prefix", nameof(prefix));
        Rune[] runes = [.. prefix.EnumerateRunes()];
        var last = Array.FindLastIndex(runes, rune => rune.Value < LastCodePoint);
        if (last < 0)
            return null;
        var next = new Rune(runes[last].Value == LastBeforeSurrogates ? FirstAfterSurrogates : runes[last].Value + 1);
        return string.Concat(runes.Take(last)) + next;
    }
}
