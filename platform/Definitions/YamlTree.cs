using Serverless.Platform.Storage;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Serverless.Platform.Definitions;

internal abstract record YamlValue(long Line);

internal sealed record YamlScalar(string Text, bool IsPlain, long Line) : YamlValue(Line)
{
    /// <summary>Nothing was written, or YAML's own null: the same as leaving the key out.</summary>
    public bool IsNull => IsPlain && Text is "" or "~" or "null";
}

internal sealed record YamlList(IReadOnlyList<YamlValue> Items, long Line) : YamlValue(Line);

internal sealed record YamlMap(IReadOnlyList<YamlEntry> Entries, long Line) : YamlValue(Line);

internal sealed record YamlEntry(string Key, YamlValue Value, long Line);

/// <summary>
/// One YAML document as a tree that knows its lines. Anchors, aliases, tags and deep nesting are refused, so a small text cannot
/// unfold into a large tree.
/// </summary>
internal sealed class YamlTree
{
    private const int MaxDepth = 8;

    private readonly string[] lines;
    private readonly Parser parser;
    private readonly List<Refusal> refusals;

    private YamlTree(string text, List<Refusal> refusals)
    {
        lines = text.Split('\n');
        parser = new Parser(new StringReader(text));
        this.refusals = refusals;
    }

    /// <summary>The root of the document; null when there is none. What is wrong is added to <paramref name="refusals"/>.</summary>
    public static YamlValue? Read(string text, List<Refusal> refusals)
    {
        var tree = new YamlTree(text, refusals);
        try
        {
            return tree.ReadDocument();
        }
        catch (YamlException e)
        {
            tree.RefuseSyntax(e.Message, Math.Max(e.End.Line, tree.parser.Current?.End.Line ?? 1));
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet's scanner throws this for some texts, such as an unclosed bracket before a key.
            tree.RefuseSyntax("a bracket, brace or quote is left open", tree.parser.Current?.End.Line ?? 1);
        }

        return null;
    }

    private void RefuseSyntax(string message, long line)
    {
        // The parser does not say where a tab is, the commonest of such mistakes.
        var tabbed = Array.FindIndex(lines, l => l.AsSpan(0, l.Length - l.AsSpan().TrimStart(" \t").Length).Contains('\t'));
        refusals.Add(tabbed >= 0
            ? new Refusal("The text is not YAML: the line is indented with a tab.", "Indent with spaces.", Line: tabbed + 1)
            : new Refusal(
                $"The text is not YAML: {message.TrimEnd('.')}.", "Check the indentation, quotes and brackets of this line and those beside it.", Line: line));
    }

    private YamlValue? ReadDocument()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        var root = ReadValue(1);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
        {
            refusals.Add(new Refusal(
                "A second YAML document begins here; expected one document in a file.",
                "Keep one definition in the file and remove the line '---'.",
                Line: second.Start.Line));
        }

        return root;
    }

    private YamlValue? ReadValue(int depth)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            refusals.Add(new Refusal($"Found the alias '*{alias.Value}'; aliases are not read.", "Write the value out.", Line: alias.Start.Line));
            return null;
        }

        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            refusals.Add(new Refusal($"Found the anchor '&{anchored.Anchor.Value}'; anchors are not read.", "Remove the anchor.", Line: anchored.Start.Line));
        }

        if (parser.Current is NodeEvent { Tag.IsEmpty: false } tagged)
        {
            refusals.Add(new Refusal($"Found the tag '{tagged.Tag.Value}'; tags are not read.", "Remove the tag.", Line: tagged.Start.Line));
        }

        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, scalar.Start.Line);
        }

        if (depth > MaxDepth)
        {
            var line = parser.Current?.Start.Line;
            refusals.Add(new Refusal($"Found values nested more than {MaxDepth} deep.", "Keep to the keys a definition has; none of them nests deeper than 3.", Line: line));
            parser.SkipThisAndNestedEvents();
            return null;
        }

        return parser.TryConsume<SequenceStart>(out var sequence)
            ? ReadList(sequence, depth)
            : ReadMap(parser.Consume<MappingStart>(), depth);
    }

    private YamlList ReadList(SequenceStart start, int depth)
    {
        var items = new List<YamlValue>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            if (ReadValue(depth + 1) is { } item)
            {
                items.Add(item);
            }
        }

        return new YamlList(items, start.Start.Line);
    }

    private YamlMap ReadMap(MappingStart start, int depth)
    {
        var entries = new List<YamlEntry>();
        var firstLines = new Dictionary<string, long>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadValue(depth + 1);
            var value = ReadValue(depth + 1);
            if (key is not YamlScalar name)
            {
                if (key is not null)
                {
                    refusals.Add(new Refusal("Found a list or a map as a key; expected a name.", "Write the key as 'name: value'.", Line: key.Line));
                }
            }
            else if (!firstLines.TryAdd(name.Text, name.Line))
            {
                refusals.Add(new Refusal(
                    $"The key '{name.Text}' stands here again; it was first given in line {firstLines[name.Text]}.", "Keep one of the two.", Line: name.Line));
            }
            else if (value is not null)
            {
                entries.Add(new YamlEntry(name.Text, value, name.Line));
            }
        }

        return new YamlMap(entries, start.Start.Line);
    }
}
