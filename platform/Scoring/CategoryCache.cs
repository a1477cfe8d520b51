using System.Text;

namespace Serverless.Platform.Scoring;

/// <summary>Gives the strings of a column's categories without making one per row: a column has few, and a file has many rows.</summary>
internal sealed class CategoryCache
{
    private readonly Dictionary<string, string> strings;
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> bySpan;

    public CategoryCache(IReadOnlyList<string> known)
    {
        strings = known.Distinct(StringComparer.Ordinal).ToDictionary(k => k, StringComparer.Ordinal);
        bySpan = strings.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The string of a value; one made anew for a value that is not known.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        const int Short = 128;
        if (utf8.Length > Short)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        Span<char> chars = stackalloc char[Short];
        var text = chars[..Encoding.UTF8.GetChars(utf8, chars)];
        return bySpan.TryGetValue(text, out var known) ? known : text.ToString();
    }
}
