using System.Text;

namespace Serverless.Platform.Datasets;

/// <summary>The words for true and false, in pairs. A column of one pair's two words is a boolean.</summary>
internal static class BooleanWords
{
    private static readonly (string True, string False)[] Pairs = [("1", "0"), ("true", "false"), ("yes", "no"), ("t", "f"), ("y", "n")];

    private static readonly int Longest = Pairs.Max(p => Math.Max(p.True.Length, p.False.Length));

    /// <summary>Every way to write each word, for a graph that compares letter by letter: the text, and 1 or 0.</summary>
    public static IReadOnlyList<(string Text, float Value)> All { get; } =
        [.. Pairs.SelectMany(p => Cases(p.True).Select(t => (t, 1f)).Concat(Cases(p.False).Select(t => (t, 0f))))];

    private static readonly Dictionary<string, float> Values = All.ToDictionary(w => w.Text, w => w.Value, StringComparer.Ordinal);

    /// <summary>1, 0, or NaN for anything else.</summary>
    public static float ValueOf(string text) => Values.GetValueOrDefault(text, float.NaN);

    /// <summary>Which word a value is: two bits for each pair, true then false; 0 for any other value.</summary>
    public static int BitOf(ReadOnlySpan<byte> value)
    {
        if (value.Length == 0 || value.Length > Longest)
        {
            return 0;
        }

        for (var i = 0; i < Pairs.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(value, Pairs[i].True)) return 1 << (2 * i);
            if (Ascii.EqualsIgnoreCase(value, Pairs[i].False)) return 2 << (2 * i);
        }

        return 0;
    }

    /// <summary>Whether these words, each by its bit, are the two of one pair.</summary>
    public static bool ArePair(int bits) => Enumerable.Range(0, Pairs.Length).Any(i => bits == 3 << (2 * i));

    private static IEnumerable<string> Cases(string word)
    {
        var letters = word.Count(char.IsAsciiLetter);
        for (var mask = 0; mask < 1 << letters; mask++)
        {
            yield return string.Concat(word.Select((c, i) => (mask >> i & 1) == 1 ? char.ToUpperInvariant(c) : c));
        }
    }
}
