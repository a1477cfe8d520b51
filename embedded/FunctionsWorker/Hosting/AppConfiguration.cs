using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>Puts host.json and local.settings.json beneath the environment variables, which win over both.</summary>
internal static class AppConfiguration
{
    public static void AddFiles(IConfigurationBuilder builder, string directory, List<string> problems)
    {
        var hostJson = Flatten(Path.Combine(directory, "host.json"), problems);
        // An empty file is as good as none; any other says which form it has.
        if (hostJson.Count > 0 && !hostJson.ContainsKey("version"))
            problems.Add($"{Path.Combine(directory, "host.json")} has no version. Add \"version\": \"2.0\".");
        var settings = LocalSettings.Read(Path.Combine(directory, "local.settings.json"), Flatten(Path.Combine(directory, "local.settings.json"), problems), problems);
        var environment = builder.Sources.Select((source, index) => (source, index))
            .FirstOrDefault(entry => entry.source is EnvironmentVariablesConfigurationSource { Prefix: null or "" }, (source: null!, index: builder.Sources.Count));
        builder.Sources.Insert(environment.index, new MemoryConfigurationSource
        {
            InitialData = hostJson.Select(entry => KeyValuePair.Create($"{SettingReader.HostSection}:{entry.Key}", entry.Value))
                .Concat(settings),
        });
    }

    /// <summary>Lets settings, with the names they have in local.settings.json, win over all that is there.</summary>
    public static void PutLast(IConfigurationBuilder configuration, IReadOnlyDictionary<string, string?> settings)
    {
        if (settings.Count > 0)
            configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value)));
    }

    /// <summary>Makes the values of local.settings.json environment variables of this process, for code that looks for them there; variables that are set stay as they are.</summary>
    public static void SetEnvironment(string directory)
    {
        // A broken file is reported when the configuration is read.
        foreach (var (name, value) in LocalSettings.Values(Flatten(Path.Combine(directory, "local.settings.json"), [])))
        {
            if (Environment.GetEnvironmentVariable(name) is null)
                Environment.SetEnvironmentVariable(name, value);
        }
    }

    private static Dictionary<string, string?> Flatten(string path, List<string> problems)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (!File.Exists(path))
            return values;
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            Flatten(document.RootElement, "", values);
        }
        catch (JsonException broken)
        {
            problems.Add($"{path} is not JSON: {broken.Message} Correct the file.");
        }

        return values;
    }

    private static void Flatten(JsonElement element, string key, Dictionary<string, string?> values)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                    Flatten(property.Value, key.Length == 0 ? property.Name : $"{key}:{property.Name}", values);
                break;
            case JsonValueKind.Array:
                foreach (var (index, item) in element.EnumerateArray().Index())
                    Flatten(item, $"{key}:{index}", values);
                break;
            case JsonValueKind.Null:
                break;
            default:
                values[key] = element.ToString();
                break;
        }
    }
}
