using System.Text;
using System.Text.RegularExpressions;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Blobs;

/// <summary>
/// The path of a blob trigger: a container, and after a slash a blob's name with <c>{parameters}</c>, each of which matches any characters, slashes included,
/// as many as it can, or none. <c>{{</c> and <c>}}</c> stand for braces. A container alone matches all its blobs.
/// </summary>
internal sealed partial class BlobPattern
{
    private readonly string _text;
    private readonly Regex? _name;

    private BlobPattern(string text, string container, string prefix, IReadOnlyList<string> parameters, Regex? name)
    {
        _text = text;
        Container = container;
        Prefix = prefix;
        ParameterNames = parameters;
        _name = name;
    }

    public string Container { get; }

    /// <summary>What every matching name begins with.</summary>
    public string Prefix { get; }

    public IReadOnlyList<string> ParameterNames { get; }

    /// <exception cref="FormatException">The text is not such a path.</exception>
    public static BlobPattern Parse(string text)
    {
        var slash = text.IndexOf('/');
        var container = slash < 0 ? text : text[..slash];
        BlobPath.CheckContainer(container, text);
        if (slash < 0)
            return new BlobPattern(text, container, "", [], null);
        if (slash == text.Length - 1)
            throw new FormatException($"The blob path '{text}' names no blob after the slash; expected a name such as '{text}{{name}}', or the container alone");

        var expression = new StringBuilder("^");
        var prefix = new StringBuilder();
        var parameters = new List<string>();
        foreach (var part in TemplatePart.Split(text[(slash + 1)..], "blob path"))
        {
            if (!part.IsExpression)
            {
                expression.Append(Regex.Escape(part.Text));
                if (parameters.Count == 0)
                    prefix.Append(part.Text);
                continue;
            }

            if (!Identifier().IsMatch(part.Text))
                throw new FormatException($"The blob path '{text}' has the parameter '{{{part.Text}}}'; expected a name of letters, digits and underscores");
            if (parameters.Contains(part.Text, StringComparer.OrdinalIgnoreCase))
                throw new FormatException($"The blob path '{text}' has the parameter '{{{part.Text}}}' twice; give each a name of its own");
            parameters.Add(part.Text);
            expression.Append("(?<").Append(part.Text).Append(">.*)");
        }

        // Names may be long and hostile, patterns have few parameters: linear time matters more than speed.
        var options = RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant;
        return new BlobPattern(text, container, prefix.ToString(), parameters, new Regex(expression.Append("\\z").ToString(), options));
    }

    /// <summary>The parameters' values for a blob of the container; null when its name does not match.</summary>
    public IReadOnlyDictionary<string, string>? Match(string blobName)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (_name is null)
            return values;
        var match = _name.Match(blobName);
        if (!match.Success)
            return null;
        foreach (var parameter in ParameterNames)
            values[parameter] = match.Groups[parameter].Value;
        return values;
    }

    /// <summary>What every name begins with that matches one of the patterns.</summary>
    public static string CommonPrefix(IEnumerable<BlobPattern> patterns) =>
        patterns.Select(pattern => pattern.Prefix).Aggregate((one, other) => one[..one.AsSpan().CommonPrefixLength(other)]);

    public override string ToString() => _text;

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Identifier();
}
