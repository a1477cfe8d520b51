using System.Text;

namespace Serverless.Platform.Deployment.Cards;

/// <summary>A Markdown text as it is written. What is given to it stays text: nothing in it is acted on.</summary>
internal sealed class MarkdownText
{
    private readonly StringBuilder text = new();

    /// <summary>A line as it is; only texts that are escaped already may stand in it.</summary>
    public void Line(string line = "") => text.Append(line).Append('\n');

    /// <summary>A paragraph of text.</summary>
    public void Paragraph(string paragraph)
    {
        Line();
        Line(Plain(paragraph));
    }

    public void Section(string title)
    {
        Line();
        Line($"## {Plain(title)}");
        Line();
    }

    public void Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        Line($"| {string.Join(" | ", headers.Select(Plain))} |");
        Line($"|{string.Concat(Enumerable.Repeat("---|", headers.Count))}");
        foreach (var row in rows) Line($"| {string.Join(" | ", row.Select(Plain))} |");
    }

    public override string ToString() => text.ToString();

    /// <summary>Text that stays text: what Markdown or a page in it would act on is escaped, and a line stays one.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '|' or '#' or '&' or '~') plain.Append('\\');
            plain.Append(char.IsControl(c) ? ' ' : c);
        }

        return plain.ToString();
    }
}
