using System.Text.RegularExpressions;

namespace Serverless.Tests.Unit.Embedded;

/// <summary>The public members of the genuine assemblies, as listed in <c>api/*.txt</c>.</summary>
internal sealed partial class GenuineApi
{
    // A '?' after these is part of the type; after any other name it is an annotation, which the lists have only in part.
    private static readonly HashSet<string> ValueTypes =
        ["bool", "byte", "int", "long", "double", "float", "decimal", "DateTime", "DateTimeOffset", "TimeSpan", "Guid", "TaskVersion", "EntityInstanceId"];

    private readonly Dictionary<string, HashSet<string>> _membersByType = [];

    public static GenuineApi Load()
    {
        var api = new GenuineApi();
        var assembly = typeof(GenuineApi).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".txt", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"No resource {resource}."));
            api.Read(reader);
        }

        return api;
    }

    public IReadOnlyList<string> FindForeign(Type type) =>
        FindForeign(type, type.Namespace ?? string.Empty, ApiRendering.NameOf(type));

    public IReadOnlyList<string> FindForeign(Type type, string @namespace, string name)
    {
        var fullName = $"{@namespace}.{name}";
        if (!_membersByType.TryGetValue(fullName, out var genuine))
            return [$"{fullName}: no such type"];
        return [.. ApiRendering.MembersOf(type, name).Where(member => !genuine.Contains(Normalise(member))).Select(member => $"{fullName}: {member}")];
    }

    // The lists give arrays of bytes by the type's name in full.
    private static string Normalise(string line) => Annotation().Replace(line, match =>
        ValueTypes.Contains(match.Groups[1].Value) ? match.Value : match.Groups[1].Value).Replace("Byte[]", "byte[]", StringComparison.Ordinal);

    private void Read(StreamReader reader)
    {
        var @namespace = string.Empty;
        HashSet<string> members = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("namespace ", StringComparison.Ordinal))
            {
                @namespace = line["namespace ".Length..].Trim();
            }
            else if (line.StartsWith("    ", StringComparison.Ordinal))
            {
                members.Add(Normalise(line.Trim()));
            }
            else if (TypeHeader().Match(line) is { Success: true } header)
            {
                // Two assemblies may each have a type of the same full name.
                var fullName = $"{@namespace}.{header.Groups["name"].Value}";
                if (!_membersByType.TryGetValue(fullName, out var present))
                    _membersByType[fullName] = present = [];
                members = present;
                members.Add(Normalise(line.Split(" : ")[0].Trim()));
            }
        }
    }

    [GeneratedRegex(@"(\w+|>|\])\?")]
    private static partial Regex Annotation();

    [GeneratedRegex(@"^  (?:(?:static|abstract|sealed) )?(?:(?:class|record|struct|interface|enum) (?<name>\w+(?:<[^>]+>)?)|delegate .*? (?<name>\w+(?:<[^>]+>)?)\()")]
    private static partial Regex TypeHeader();
}
