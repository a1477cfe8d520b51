using System.Text.Json;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>What local.settings.json says, as the Core Tools read it.</summary>
internal static class LocalSettings
{
    private const string ConnectionStrings = "ConnectionStrings";
    private const string ValuesSection = "Values";
    private const string HostSection = "Host";

    /// <summary>The settings of the file, by the names that they have in the configuration.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="content">Its values by their paths.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static IReadOnlyDictionary<string, string?> Read(string path, IReadOnlyDictionary<string, string?> content, List<string> problems)
    {
        if (bool.TryParse(content.GetValueOrDefault("IsEncrypted"), out var encrypted) && encrypted)
        {
            problems.Add($"{path} is encrypted, and only the Core Tools of the machine that did it can read it. Run 'func settings decrypt', or set IsEncrypted to false and enter the values.");
            return new Dictionary<string, string?>();
        }

        // Settings are environment variables elsewhere, where a double underscore separates sections.
        var settings = Values(content).ToDictionary(entry => entry.Key.Replace("__", ":", StringComparison.Ordinal), entry => entry.Value, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in In(content, ConnectionStrings))
        {
            // Beside the plain form there is one with the provider's name.
            if (!key.EndsWith(":ProviderName", StringComparison.OrdinalIgnoreCase))
                settings[$"{ConnectionStrings}:{Without(key, ":ConnectionString")}"] = value;
        }

        foreach (var (key, value) in In(content, HostSection))
            settings[$"Host:{key}"] = value;
        return settings;
    }

    /// <summary>Notes what the Core Tools could not read: they take each of the values for a line of text.</summary>
    public static void Check(string path, JsonElement content, List<string> problems)
    {
        foreach (var section in content.EnumerateObject().Where(property => IsSection(property.Name)))
        {
            if (section.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
                problems.Add($"{section.Name} of {path} holds {KindOf(section.Value)}; expected an object of names and values. Correct the file.");
        }

        if (content.EnumerateObject().FirstOrDefault(property => property.Name.Equals(ValuesSection, StringComparison.OrdinalIgnoreCase)).Value is not { ValueKind: JsonValueKind.Object } values)
            return;
        foreach (var setting in values.EnumerateObject().Where(setting => setting.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array))
        {
            problems.Add($"{ValuesSection}.{setting.Name} of {path} holds {KindOf(setting.Value)}; expected text, a number, true or false. "
                + $"Values are environment variables elsewhere: write each member by itself, as \"{setting.Name}__Member\".");
        }
    }

    public static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.Null => "null",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "text",
        _ => value.ToString(),
    };

    /// <summary>The values that are environment variables elsewhere, by the variables' names.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Values(IReadOnlyDictionary<string, string?> content) => In(content, ValuesSection);

    private static bool IsSection(string name) => ((string[])[ValuesSection, ConnectionStrings, HostSection]).Contains(name, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<KeyValuePair<string, string?>> In(IReadOnlyDictionary<string, string?> content, string section) => content
        .Where(entry => entry.Key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase))
        .Select(entry => KeyValuePair.Create(entry.Key[(section.Length + 1)..], entry.Value));

    private static string Without(string text, string end) => text.EndsWith(end, StringComparison.OrdinalIgnoreCase) ? text[..^end.Length] : text;
}
