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
        var hostJson = Read(Path.Combine(directory, "host.json"), problems, CheckVersion);
        var localSettings = Path.Combine(directory, "local.settings.json");
        var settings = LocalSettings.Read(localSettings, Read(localSettings, problems, LocalSettings.Check), problems);
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
        foreach (var (name, value) in LocalSettings.Values(Read(Path.Combine(directory, "local.settings.json"), [], LocalSettings.Check)))
        {
            if (Environment.GetEnvironmentVariable(name) is null)
                Environment.SetEnvironmentVariable(name, value);
        }
    }

    /// <summary>An object without members is as good as no file, as on the genuine host; any other says which form it has.</summary>
    private static void CheckVersion(string path, JsonElement hostJson, List<string> problems)
    {
        if (hostJson.EnumerateObject().Any() && !(hostJson.TryGetProperty("version", out var version) && version.ToString().Length > 0))
            problems.Add($"{path} has no version. Add \"version\": \"2.0\".");
    }

    /// <summary>The values of a file of settings by their paths; none where it is missing or wrong.</summary>
    private static Dictionary<string, string?> Read(string path, List<string> problems, Action<string, JsonElement, List<string>> check)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (!File.Exists(path))
            return values;
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                problems.Add($"{path} holds {LocalSettings.KindOf(document.RootElement)}; expected an object in braces. Correct the file.");
                return values;
            }

            check(path, document.RootElement, problems);
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
