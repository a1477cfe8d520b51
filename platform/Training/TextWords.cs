using System.Globalization;
using System.Text;

namespace Serverless.Platform.Training;

/// <summary>
/// The words that a column of running text is known by, and how much each says: one feature a word, how often it occurs times its inverse document frequency
/// (Spärck Jones, Journal of Documentation 28, 1972).
/// </summary>
/// <param name="Words">The words in lower case, the most frequent first.</param>
/// <param name="Weights">The inverse document frequency of each: ln((1 + rows) / (1 + rows with the word)) + 1.</param>
public sealed record TextWords(IReadOnlyList<string> Words, IReadOnlyList<float> Weights)
{
    /// <summary>In how many rows a word has to occur.</summary>
    public const int LeastRows = 5;

    /// <summary>How many words of a column get features: the most frequent ones.</summary>
    public const int MostWords = 100;

    /// <summary>Words in more than this share of rows tell none apart.</summary>
    public const double MostShare = 0.80;

    /// <summary>Words are at least so many characters.</summary>
    public const int LeastLength = 2;

    // Letters, digits, marks and what is beyond the symbols of the first plane; named by code points, so that no two libraries can read it differently.
    private static readonly (int First, int Last)[] WordCharacters =
    [
        ('0', '9'), ('A', 'Z'), ('a', 'z'), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x1FFF), (0x2C00, 0x2FEF), (0x3040, 0xD7FF), (0xF900, 0xFDCF), (0x10000, 0xEFFFF),
    ];

    /// <summary>The expression of one word, as RE2 has it.</summary>
    internal static string Expression { get; } = string.Concat(
        "[", string.Concat(WordCharacters.Select(r => string.Create(CultureInfo.InvariantCulture, $@"\x{{{r.First:X}}}-\x{{{r.Last:X}}}"))), $"]{{{LeastLength},}}");

    /// <summary>Learns the words from training rows. The order of rows does not matter.</summary>
    public static TextWords Learn(string[] texts)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        var inText = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            inText.Clear();
            foreach (var word in Split(text)) inText.Add(word.ToLowerInvariant());
            foreach (var word in inText) rows[word] = rows.GetValueOrDefault(word) + 1;
        }

        var known = rows.Where(w => w.Value >= LeastRows && w.Value <= MostShare * texts.Length)
            .OrderByDescending(w => w.Value).ThenBy(w => w.Key, StringComparer.Ordinal)
            .Take(MostWords)
            .ToArray();
        return new TextWords([.. known.Select(w => w.Key)], [.. known.Select(w => (float)(Math.Log((1.0 + texts.Length) / (1.0 + w.Value)) + 1))]);
    }

    /// <summary>Every way a word is known to be written, with the word's place: in lower case, with a capital first, in capitals.</summary>
    internal IReadOnlyDictionary<string, int> Forms()
    {
        var forms = new Dictionary<string, int>(StringComparer.Ordinal);
        Func<string, string>[] cases = [w => w, w => Capitalised(w), w => w.ToUpperInvariant()];
        foreach (var write in cases)
        {
            // Of two words that are one in capitals, the more frequent has them.
            foreach (var (place, word) in Words.Index()) forms.TryAdd(write(word), place);
        }

        return forms;
    }

    /// <summary>The places of the words that a text has.</summary>
    /// <param name="text">The text.</param>
    /// <param name="forms">The <see cref="Forms"/> of the words.</param>
    internal static IReadOnlySet<int> PlacesIn(string text, IReadOnlyDictionary<string, int> forms) =>
        Split(text).Where(forms.ContainsKey).Select(word => forms[word]).ToHashSet();

    /// <summary>Adds the features of each text to a matrix.</summary>
    internal void Encode(string[] texts, Span<float> into, int width)
    {
        var forms = Forms();
        for (var row = 0; row < texts.Length; row++)
        {
            var features = into.Slice(row * width, Words.Count);
            foreach (var word in Split(texts[row]))
            {
                if (forms.TryGetValue(word, out var place)) features[place]++;
            }

            for (var w = 0; w < features.Length; w++) features[w] *= Weights[w];
        }
    }

    /// <summary>The longest runs of word characters, but for those too short.</summary>
    internal static IEnumerable<string> Split(string text)
    {
        var (at, start, length) = (0, 0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsWordCharacter(rune.Value))
            {
                if (length++ == 0) start = at;
            }
            else
            {
                if (length >= LeastLength) yield return text[start..at];
                length = 0;
            }

            at += rune.Utf16SequenceLength;
        }

        if (length >= LeastLength) yield return text[start..];
    }

    private static bool IsWordCharacter(int character) => Array.Exists(WordCharacters, r => character >= r.First && character <= r.Last);

    private static string Capitalised(string word)
    {
        var first = Rune.GetRuneAt(word, 0);
        return string.Concat(Rune.ToUpperInvariant(first).ToString(), word.AsSpan(first.Utf16SequenceLength));
    }
}
