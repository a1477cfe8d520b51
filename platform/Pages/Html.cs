using System.Globalization;
using System.Text;

namespace Serverless.Platform.Pages;

/// <summary>A piece of a page. It is made of templates whose holes are encoded, so that no text of a user's can become markup.</summary>
/// <param name="Markup">The markup.</param>
internal readonly record struct Html(string Markup)
{
    // Beside so many columns a text has no room on a narrow screen: there the table keeps its width and is scrolled.
    private const int ManyColumns = 5;

    // A longer word, such as a hash, may break, in a cell with room for so many characters; any other stays whole, and the table is scrolled.
    private const int LongestWhole = 24;

    // A drawing that is wider has labels too small to read where it is shrunk to the width of a telephone's screen.
    private const double FitsPhone = 420;

    public static Html Empty { get; } = new("");

    /// <summary>A template: pieces go in as they are, everything else as text.</summary>
    public static Html Of(FormattableString template)
    {
        var holes = template.GetArguments().Select(a => a is Html piece ? piece.Markup : Encode(Convert.ToString(a, CultureInfo.InvariantCulture) ?? ""));
        return new Html(string.Format(CultureInfo.InvariantCulture, template.Format, [.. holes]));
    }

    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(p => p.Markup)));

    public static Html operator +(Html first, Html second) => new(first.Markup + second.Markup);

    /// <summary>A table.</summary>
    /// <param name="headers">The columns' headers; one that begins with # is of numbers.</param>
    /// <param name="rows">The cells, row by row.</param>
    public static Html Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<Html>> rows)
    {
        var head = Join(headers.Select(h => Cell("th", Text(h.StartsWith('#') ? h[1..] : h), h)));
        var body = Join(rows.Select(row => Of($"<tr>{Join(row.Select((cell, c) => Cell("td", cell, headers[c])))}</tr>\n")));
        var top = headers.All(h => h.Length == 0) ? Empty : Of($"<thead><tr>{head}</tr></thead>");
        var wide = headers.Count >= ManyColumns ? Of($" class=\"many\"") : Empty;
        return Of($"<div class=\"scroll\"><table{wide}>{top}<tbody>\n{body}</tbody></table></div>\n");
    }

    /// <summary>A plot with what it shows below it. On a narrow screen it keeps the width at which its labels can be read, and is scrolled.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="width">The width of what is drawn.</param>
    /// <param name="height">Its height.</param>
    /// <param name="drawn">What is drawn.</param>
    /// <param name="most">By how much it may be enlarged; null: until it fills its place.</param>
    public static Html Plot(string title, double width, double height, Html drawn, double? most = null)
    {
        List<Html> styles = [];
        if (most is { } enlarged) styles.Add(Of($"max-width:{Number(width * enlarged)}px"));
        var isWide = width > FitsPhone;
        if (isWide) styles.Add(Of($"--least:{Number(width)}px"));
        var style = styles.Count == 0 ? Empty : Of($" style=\"{new Html(string.Join(';', styles.Select(s => s.Markup)))}\"");
        return Of($"""
            <figure{(isWide ? Of($" class=\"wide\"") : Empty)}{style}><div class="scroll"><svg viewBox="0 0 {Number(width)} {Number(height)}" role="img" aria-label="{title}">{drawn}</svg></div><figcaption>{title}</figcaption></figure>

            """);
    }

    /// <summary>A number as SVG has it.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A row of texts.</summary>
    public static Html[] Cells(params IEnumerable<string> texts) => [.. texts.Select(Text)];

    /// <summary>A cell of text.</summary>
    public static Html Text(string text) => Of($"{text}");

    private static Html Cell(string tag, Html cell, string header)
    {
        var classes = string.Join(' ', new[] { header.StartsWith('#') ? "n" : "", HasLongWord(cell) ? "long" : "" }.Where(c => c.Length > 0));
        return Of($"<{tag}{(classes.Length > 0 ? Of($" class=\"{classes}\"") : Empty)}>{cell}</{tag}>");
    }

    private static bool HasLongWord(Html cell)
    {
        var (length, isTag, isEntity) = (0, false, false);
        foreach (var c in cell.Markup)
        {
            isTag = c == '<' || (isTag && c != '>');
            isEntity = c == '&' || (isEntity && c != ';');
            if (isTag || char.IsWhiteSpace(c)) length = 0;
            else if (c != '>' && !isEntity && ++length > LongestWhole) return true;
        }

        return false;
    }

    private static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => encoded.Append("&amp;"),
                '<' => encoded.Append("&lt;"),
                '>' => encoded.Append("&gt;"),
                '"' => encoded.Append("&quot;"),
                '\'' => encoded.Append("&#39;"),
                // No other control character may stand in a page.
                < ' ' when c is not ('\n' or '\t') => encoded.Append('\uFFFD'),
                _ => encoded.Append(c),
            };
        }

        return encoded.ToString();
    }
}
