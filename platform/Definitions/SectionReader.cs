using System.Globalization;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Definitions;

/// <summary>
/// Reads the keys of one map of a definition. Whatever is wrong is added to the refusals and a default returned, so that reading goes on
/// and the user learns of every mistake at once.
/// </summary>
internal sealed class SectionReader
{
    private readonly string path;
    private readonly Dictionary<string, YamlEntry> entries;
    private readonly List<Refusal> refusals;

    /// <param name="path">The section's own name and a dot, or empty for the root.</param>
    /// <param name="map">The section; null: nothing was given.</param>
    /// <param name="known">Its keys; any other is refused. Null: any key may stand there.</param>
    /// <param name="refusals">Where refusals are added.</param>
    /// <param name="remedyOf">What to do about a key that is none of them; null, also for a key: what it was probably meant to be.</param>
    public SectionReader(string path, YamlMap? map, IReadOnlyList<string>? known, List<Refusal> refusals, Func<string, string?>? remedyOf = null)
    {
        this.path = path;
        this.refusals = refusals;
        Line = map?.Line ?? 1;
        entries = [];
        foreach (var entry in map?.Entries ?? [])
        {
            if (known is not null && !known.Contains(entry.Key))
            {
                var where = path.Length == 0 ? "" : $" in '{path.TrimEnd('.')}'";
                Refuse(
                    entry.Line, $"Unknown key '{entry.Key}'{where}; expected {(known.Count == 0 ? "none" : $"one of {string.Join(", ", known)}")}.",
                    remedyOf?.Invoke(entry.Key) ?? Suggestion(entry.Key, known, "remove the line"));
            }
            else if (entry.Value is not YamlScalar { IsNull: true })
            {
                entries.Add(entry.Key, entry);
            }
        }
    }

    public long Line { get; }

    /// <summary>The keys that were given.</summary>
    public IEnumerable<string> Keys => entries.Keys;

    /// <summary>How many refusals there are by now, in the whole definition.</summary>
    public int RefusalCount => refusals.Count;

    public bool IsWord(string key, string word) => entries.TryGetValue(key, out var entry) && entry.Value is YamlScalar scalar && scalar.Text == word;

    public bool Has(string key) => entries.ContainsKey(key);

    public long LineOf(string key) => entries.TryGetValue(key, out var entry) ? entry.Value.Line : Line;

    /// <summary>The map under a key; an empty one when absent.</summary>
    public SectionReader Section(string key, string example, params IReadOnlyList<string> known) => Open(key, example, known);

    /// <summary>Likewise, with what to do about a key that is not known; null: what it was probably meant to be.</summary>
    public SectionReader Section(string key, string example, IReadOnlyList<string> known, Func<string, string?> remedyOf) => Open(key, example, known, remedyOf);

    /// <summary>The map under a key, whose keys are the user's own; an empty one when absent.</summary>
    public SectionReader OpenSection(string key, string example) => Open(key, example, null);

    private SectionReader Open(string key, string example, IReadOnlyList<string>? known, Func<string, string?>? remedyOf = null)
    {
        YamlMap? map = null;
        if (entries.TryGetValue(key, out var entry))
        {
            map = entry.Value as YamlMap;
            if (map is null)
            {
                Refuse(entry.Value.Line, $"{path}{key} is {Shape(entry.Value)}; expected keys and values.", $"Write it as '{key}: {example}'.");
            }
        }

        return new SectionReader($"{path}{key}.", map ?? new YamlMap([], LineOf(key)), known, refusals, remedyOf);
    }

    /// <summary>The text under a key, trimmed; null when absent or refused.</summary>
    public string? Text(string key)
    {
        if (!entries.TryGetValue(key, out var entry))
        {
            return null;
        }

        if (entry.Value is YamlScalar scalar && scalar.Text.Trim() is { Length: > 0 } text)
        {
            return text;
        }

        Refuse(entry.Value.Line, $"{path}{key} is {Shape(entry.Value)}; expected text.", $"Write one value after '{key}:'.");
        return null;
    }

    /// <summary>The text under a key that has to be there; null when refused.</summary>
    public string? RequiredText(string key, string example)
    {
        if (!Has(key))
        {
            Refuse(Line, $"{path}{key} is missing; it has no default.", $"Add '{key}: {example}'.");
        }

        return Text(key);
    }

    public int Integer(string key, int fallback, int least, int most)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        Refuse(LineOf(key), $"{path}{key} is '{text}'; expected a whole number from {least} to {most}.", $"Give a number within the range, or leave it out for {fallback}.");
        return fallback;
    }

    public double Number(string key, double fallback, double least, double most)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        var range = double.IsInfinity(most) ? Invariant($"of at least {least}") : Invariant($"from {least} to {most}");
        Refuse(LineOf(key), $"{path}{key} is '{text}'; expected a number {range}.", "Give a number within the range, with a point before the decimals.");
        return fallback;
    }

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan shortest, TimeSpan longest)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (TimeSpan.TryParseExact(text, [@"hh\:mm\:ss", @"d\.hh\:mm\:ss"], CultureInfo.InvariantCulture, out var value) && value >= shortest && value <= longest)
        {
            return value;
        }

        Refuse(
            LineOf(key),
            $"{path}{key} is '{text}'; expected a duration from {shortest} to {longest}, as hh:mm:ss or d.hh:mm:ss.",
            $"Write ten minutes as 00:10:00 and three days as 3.00:00:00, or leave it out for {fallback}.");
        return fallback;
    }

    /// <summary>One of the allowed words; null when absent or refused.</summary>
    public string? OneOf(string key, IReadOnlyList<string> allowed)
    {
        var text = Text(key);
        if (text is null || allowed.Contains(text))
        {
            return text;
        }

        Refuse(LineOf(key), $"{path}{key} is '{text}'; expected one of {string.Join(", ", allowed)}.", Suggestion(text, allowed, "use one of these"));
        return null;
    }

    /// <summary>The texts of the list under a key; null when absent.</summary>
    public IReadOnlyList<string>? TextList(string key)
    {
        if (!entries.TryGetValue(key, out var entry))
        {
            return null;
        }

        if (entry.Value is not YamlList list)
        {
            var example = entry.Value is YamlScalar single ? single.Text : "first, second";
            Refuse(entry.Value.Line, $"{path}{key} is {Shape(entry.Value)}; expected a list.", $"Write it as '{key}: [{example}]'.");
            return [];
        }

        var texts = new List<string>();
        foreach (var item in list.Items)
        {
            if (item is not YamlScalar { IsNull: false } scalar || scalar.Text.Trim().Length == 0)
            {
                Refuse(item.Line, $"{path}{key} holds {Shape(item)}; expected text.", "Write the items of the list as plain names.");
            }
            else if (texts.Contains(scalar.Text))
            {
                Refuse(item.Line, $"{path}{key} names '{scalar.Text}' twice.", "Keep it once.");
            }
            else
            {
                texts.Add(scalar.Text);
            }
        }

        return texts;
    }

    public void Refuse(long line, string reason, string remedy) => refusals.Add(new Refusal(reason, remedy, Line: line));

    private static string Suggestion(string found, IReadOnlyList<string> known, string otherwise) =>
        NearestName.Of(found, known) is { } nearest ? $"Did you mean '{nearest}'? Else {otherwise}." : $"{char.ToUpperInvariant(otherwise[0])}{otherwise[1..]}.";

    private static string Shape(YamlValue value) => value switch
    {
        YamlScalar scalar when scalar.Text.Trim().Length == 0 => "empty",
        YamlScalar scalar => $"'{scalar.Text}'",
        YamlList => "a list",
        _ => "a map",
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
