using System.Buffers;
using System.Text;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Replaces the direct identifiers in a column's values by what they are: <c>[card number]</c>.</summary>
/// <remarks>The same word for each, so that a column of them is constant and left out, and nothing of a value is left to guess it by.</remarks>
/// <param name="kinds">What is replaced.</param>
/// <param name="onlyCertain">Whether digits as long as a card number's stay if they do not begin as an issuer's, or have another check digit.</param>
public sealed class IdentifierMask(IReadOnlySet<IdentifierKind> kinds, bool onlyCertain = false)
{
    private static readonly byte[][] Words =
        [.. Enum.GetValues<IdentifierKind>().Select(k => Encoding.UTF8.GetBytes($"[{FoundIdentifiers.NameOf(k)}]"))];

    private static readonly HashSet<IdentifierKind> All = [.. Enum.GetValues<IdentifierKind>()];

    private readonly ArrayBufferWriter<byte> masked = new();

    /// <summary>Whether a value is what stands for one.</summary>
    public static bool IsMask(string value) => Array.Exists(Words, word => Encoding.UTF8.GetString(word) == value);

    /// <summary>A text without any, whatever its column is: for what people read of a file's values.</summary>
    public static string Apply(string text) => Apply(text, new IdentifierMask(All));

    /// <summary>A text of its own without any: what only may be one in a column of them, as the number of a ticket, stays.</summary>
    public static string ApplyToReason(string reason) => Apply(reason, new IdentifierMask(All, onlyCertain: true));

    /// <summary>A refusal that repeats none, wherever in it a value was quoted.</summary>
    public static Refusal Apply(Refusal refusal) => refusal with
    {
        Reason = Apply(refusal.Reason),
        Remedy = Apply(refusal.Remedy),
        Column = refusal.Column is { } column ? Apply(column) : null,
    };

    /// <summary>The value without them; good until the next call, or as long as the value if it holds none.</summary>
    /// <remarks>In a column of card numbers every string of digits as long as one is taken for one, since a mistyped one is nearly one.</remarks>
    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> value)
    {
        if (!IdentifierFinder.MayHold(value))
        {
            return value;
        }

        masked.ResetWrittenCount();
        var kept = 0;
        for (var from = 0; IdentifierFinder.TryFind(value, from, out var identifier); from = identifier.End)
        {
            if (kinds.Contains(identifier.Kind) && (!onlyCertain || identifier.IsCertain))
            {
                masked.Write(value[kept..identifier.Start]);
                masked.Write(Words[(int)identifier.Kind]);
                kept = identifier.End;
            }
        }

        if (kept == 0)
        {
            return value;
        }

        masked.Write(value[kept..]);
        return masked.WrittenSpan;
    }

    private static string Apply(string text, IdentifierMask mask)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var cleaned = mask.Apply(utf8);
        return cleaned.Length == utf8.Length && cleaned.SequenceEqual(utf8) ? text : Encoding.UTF8.GetString(cleaned);
    }
}
