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
        if (container.Contains('{') || !StorageNames.IsContainer(container))
            throw new FormatException($"The blob path '{text}' begins with '{container}', which is not a container's name; expected {StorageNames.Rule}, then a slash and a blob's name");
        if (slash < 0)
            return new BlobPattern(text, container, "", [], null);
        if (slash == text.Length - 1)
            throw new FormatException($"The blob path '{text}' names no blob after the slash; expected a name such as '{text}{{name}}', or the container alone");

        var expression = new StringBuilder("^");
        var prefix = new StringBuilder();
        var parameters = new List<string>();
        foreach (Match token in Token().Matches(text[(slash + 1)..]))
        {
            if (token.Groups["parameter"] is { Success: true } parameter)
            {
                if (!Identifier().IsMatch(parameter.Value))
                    throw new FormatException($"The blob path '{text}' has the parameter '{{{parameter.Value}}}'; expected a name of letters, digits and underscores");
                if (parameters.Contains(parameter.Value, StringComparer.OrdinalIgnoreCase))
                    throw new FormatException($"The blob path '{text}' has the parameter '{{{parameter.Value}}}' twice; give each a name of its own");
                parameters.Add(parameter.Value);
                expression.Append("(?<").Append(parameter.Value).Append(">.*)");
                continue;
            }

            if (token.Groups["unbalanced"].Success)
                throw new FormatException($"The blob path '{text}' has a single brace; write {{{{ or }}}} where a brace is meant, or close the parameter");
            var literal = token.Groups["escape"].Success ? token.Value[..1] : token.Value;
            expression.Append(Regex.Escape(literal));
            if (parameters.Count == 0)
                prefix.Append(literal);
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

    public override string ToString() => _text;

    [GeneratedRegex(@"(?<escape>\{\{|\}\})|\{(?<parameter>[^{}]*)\}|(?<literal>[^{}]+)|(?<unbalanced>[{}])")]
    private static partial Regex Token();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Identifier();
}
