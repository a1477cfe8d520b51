using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>
/// The path or name of an input or output binding. Its <c>{expressions}</c> are filled in for each invocation: <c>{name}</c> and <c>{name.property}</c> from the trigger's
/// metadata, <c>{rand-guid}</c>, <c>{datetime}</c>, <c>{sys.randguid}</c>, <c>{sys.utcnow}</c> and <c>{sys.methodname}</c> by the host; a format may follow a colon.
/// </summary>
internal sealed partial class BindingTemplate
{
    private const string DateFormat = "yyyy-MM-ddTHH-mm-ssK";
    private const string System = "sys";

    private readonly string _text;
    private readonly IReadOnlyList<Func<TemplateScope, string>> _parts;

    private BindingTemplate(string text, IReadOnlyList<Func<TemplateScope, string>> parts, IReadOnlyList<string> names, bool hasExpressions)
    {
        _text = text;
        _parts = parts;
        Names = names;
        HasExpressions = hasExpressions;
    }

    /// <summary>The names of trigger metadata that the text needs.</summary>
    public IReadOnlyList<string> Names { get; }

    public bool HasExpressions { get; }

    /// <param name="text">With settings resolved.</param>
    /// <param name="what">What the text is, for messages.</param>
    /// <exception cref="FormatException">An expression is not one.</exception>
    public static BindingTemplate Parse(string text, string what)
    {
        var parts = new List<Func<TemplateScope, string>>();
        var names = new List<string>();
        var hasExpressions = false;
        foreach (var part in TemplatePart.Split(text, what))
        {
            hasExpressions |= part.IsExpression;
            parts.Add(part.IsExpression ? Expression(part.Text, text, what, names) : _ => part.Text);
        }

        return new BindingTemplate(text, parts, names, hasExpressions);
    }

    /// <exception cref="InvalidOperationException">The metadata lacks what an expression names.</exception>
    public string Fill(TemplateScope scope)
    {
        if (_parts.Count == 1)
            return _parts[0](scope);
        var filled = new StringBuilder();
        foreach (var part in _parts)
            filled.Append(part(scope));
        return filled.ToString();
    }

    public override string ToString() => _text;

    private static Func<TemplateScope, string> Expression(string expression, string text, string what, List<string> names)
    {
        var colon = expression.IndexOf(':', StringComparison.Ordinal);
        var (path, format) = colon < 0 ? (expression, null) : (expression[..colon], expression[(colon + 1)..]);
        format = string.IsNullOrWhiteSpace(format) ? null : format;
        // Metadata of the same name wins over what the host supplies.
        if (path.Equals("rand-guid", StringComparison.OrdinalIgnoreCase) || path.Equals("sys.randguid", StringComparison.OrdinalIgnoreCase))
            CheckGuidFormat(format, text, what);
        if (path.Equals("rand-guid", StringComparison.OrdinalIgnoreCase))
            return scope => Text(scope.Data, path, format) ?? Guid.NewGuid().ToString(format, CultureInfo.InvariantCulture);
        if (path.Equals("datetime", StringComparison.OrdinalIgnoreCase))
            return scope => Text(scope.Data, path, format) ?? scope.UtcNow.ToString(format ?? DateFormat, CultureInfo.InvariantCulture);
        if (!Path().IsMatch(path))
            throw new FormatException($"The {what} '{text}' has the expression '{{{expression}}}'; expected a name of the trigger's metadata, or rand-guid, datetime or sys.utcnow");

        var steps = path.Split('.');
        if (steps is [var first, var member] && first.Equals(System, StringComparison.OrdinalIgnoreCase))
        {
            return member.ToLowerInvariant() switch
            {
                "randguid" => _ => Guid.NewGuid().ToString(format, CultureInfo.InvariantCulture),
                "utcnow" => scope => scope.UtcNow.ToString(format ?? DateFormat, CultureInfo.InvariantCulture),
                "methodname" => scope => scope.Function,
                _ => throw new FormatException($"The {what} '{text}' has the expression '{{{expression}}}'; expected sys.randguid, sys.utcnow or sys.methodname"),
            };
        }

        names.Add(steps[0]);
        return scope => Text(scope.Data, path, format)
            ?? throw new InvalidOperationException($"The {what} '{text}' of the function '{scope.Function}' needs '{path}', which is not in the metadata of what triggered it. "
                + $"It has {string.Join(", ", scope.Data.Keys.Order(StringComparer.OrdinalIgnoreCase))}.");
    }

    private static void CheckGuidFormat(string? format, string text, string what)
    {
        if (format is not (null or "N" or "D" or "B" or "P" or "X" or "n" or "d" or "b" or "p" or "x"))
            throw new FormatException($"The {what} '{text}' asks for a GUID in the format '{format}'; expected N, D, B, P or X");
    }

    /// <summary>The value at the path; null where there is none, or none that is text.</summary>
    private static string? Text(IReadOnlyDictionary<string, object?> data, string path, string? format)
    {
        var steps = path.Split('.');
        if (!data.TryGetValue(steps[0], out var value) || value?.ToString() is not { } text)
            return null;
        if (steps.Length > 1)
            return Member(text, steps.AsSpan(1));
        // Times are JSON in the metadata, hence quoted.
        text = text is ['"', .. var inner, '"'] ? inner : text;
        return format is not null && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToString(format, CultureInfo.InvariantCulture)
            : text;
    }

    private static string? Member(string json, ReadOnlySpan<string> steps)
    {
        if (!json.AsSpan().TrimStart().StartsWith("{"))
            return null;
        using var document = JsonDocument.Parse(json);
        var element = document.RootElement;
        foreach (var step in steps)
        {
            if (element.ValueKind != JsonValueKind.Object)
                return null;
            var name = step;
            element = element.EnumerateObject().FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        }

        return JsonText.OfScalar(element);
    }

    [GeneratedRegex(@"^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Pc}\p{Mn}\p{Mc}\p{Cf}]*(\.[\p{L}\p{Nl}\p{Nd}\p{Pc}\p{Mn}\p{Mc}\p{Cf}-]+)*$")]
    private static partial Regex Path();
}

/// <summary>What expressions are filled in from.</summary>
/// <param name="Data">The trigger's metadata.</param>
/// <param name="Function">The function's name.</param>
/// <param name="UtcNow">Now, with the kind Utc.</param>
internal readonly record struct TemplateScope(IReadOnlyDictionary<string, object?> Data, string Function, DateTime UtcNow);
