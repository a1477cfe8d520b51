using System.Buffers;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>The direct identifiers in a text of unknown form, as it stands and as JSON would read it, and card numbers within longer strings of digits.</summary>
internal sealed class TextIdentifiers
{
    /// <summary>What sets values apart in some format or other; of these only tabs and line breaks stand within an identifier, where it is quoted.</summary>
    public static SearchValues<byte> Separators { get; } = SearchValues.Create(",;|\t\v\f\r\n\"{}[]<>="u8);

    private static readonly SearchValues<byte> Breaks = SearchValues.Create("\t\r\n"u8);

    private readonly ColumnIdentifiers plain = new();
    private readonly ColumnIdentifiers unescaped = new();
    private readonly ColumnIdentifiers broken = new();
    private readonly EmbeddedCardNumbers embedded = new();
    private readonly ArrayBufferWriter<byte> decoded = new();

    /// <summary>Takes a text into account, or a part of it that ends between two values.</summary>
    public void Count(ReadOnlySpan<byte> text)
    {
        if (!IdentifierFinder.MayHold(text))
        {
            return;
        }

        Count(text, plain);
        if (JsonEscapes.MayHold(text))
        {
            decoded.ResetWrittenCount();
            JsonEscapes.Decode(text, decoded);
            Count(decoded.WrittenSpan, unescaped);
        }
    }

    /// <summary>Takes a value into account that a format gave as such, whatever stands within it.</summary>
    public void CountValue(ReadOnlySpan<byte> value)
    {
        Count(value);
        CountBroken(value);
    }

    /// <summary>Why no copy is kept of what holds these; null: it holds none that the policy does not allow.</summary>
    public string? Describe(IdentifierPolicy policy)
    {
        var kinds = new[] { plain, unescaped, broken }.SelectMany(f => f.Decide("", long.MaxValue, policy)).Select(f => f.Kind).Distinct().Order().ToList();
        return kinds.Count > 0
            ? $"{Quarantine.NoCopy}the file holds direct identifiers that the definition does not allow: {string.Join(", ", kinds.Select(FoundIdentifiers.PluralOf))}."
            : policy.CardNumber != IdentifierAction.Allow ? embedded.Describe() : null;
    }

    private void Count(ReadOnlySpan<byte> text, ColumnIdentifiers found)
    {
        embedded.Count(text);
        CountQuoted(text);
        while (!text.IsEmpty)
        {
            var end = text.IndexOfAny(Separators);
            var value = (end < 0 ? text : text[..end]).Trim(" :"u8);
            if (IdentifierFinder.MayHold(value))
            {
                found.Count(value, isNumber: false);
            }

            text = end < 0 ? [] : text[(end + 1)..];
        }
    }

    /// <summary>Values in quotes with tabs or line breaks within them. Which quotes open is not known, but not those right after a word, which close.</summary>
    private void CountQuoted(ReadOnlySpan<byte> text)
    {
        for (var isWord = false; text.IndexOf((byte)'"') is >= 0 and var end; text = text[(end + 1)..])
        {
            if (!isWord)
            {
                CountBroken(text[..end]);
            }

            isWord = end > 0 && char.IsAsciiLetterOrDigit((char)text[end - 1]);
        }
    }

    private void CountBroken(ReadOnlySpan<byte> value)
    {
        if (value.ContainsAny(Breaks) && IdentifierFinder.MayHold(value))
        {
            broken.Count(value, isNumber: false);
        }
    }
}
