using System.Text.RegularExpressions;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>A piece of a binding's text: literal, or an expression in braces.</summary>
/// <param name="Text">The literal, <c>{{</c> and <c>}}</c> made single; or what stands between the braces.</param>
/// <param name="IsExpression">Whether it stood in braces.</param>
internal readonly partial record struct TemplatePart(string Text, bool IsExpression)
{
    /// <param name="text">The whole text.</param>
    /// <param name="what">What the text is, for the message.</param>
    /// <exception cref="FormatException">A brace is left open, or a pair is empty.</exception>
    public static IReadOnlyList<TemplatePart> Split(string text, string what)
    {
        var parts = new List<TemplatePart>();
        foreach (Match token in Token().Matches(text))
        {
            if (token.Groups["unbalanced"].Success)
                throw new FormatException($"The {what} '{text}' has a single brace; write {{{{ or }}}} where a brace is meant, or close the expression");
            if (token.Groups["expression"] is { Success: true } expression)
                parts.Add(new TemplatePart(expression.Value, true));
            else
                parts.Add(new TemplatePart(token.Groups["escape"].Success ? token.Value[..1] : token.Value, false));
        }

        return parts;
    }

    [GeneratedRegex(@"(?<escape>\{\{|\}\})|\{(?<expression>[^{}]*)\}|(?<literal>[^{}]+)|(?<unbalanced>[{}])")]
    private static partial Regex Token();
}
