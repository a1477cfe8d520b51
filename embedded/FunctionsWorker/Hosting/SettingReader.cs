using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>Reads typed settings; what cannot be read is noted as a problem that names the setting, what it holds and what was expected.</summary>
internal sealed class SettingReader(IConfiguration configuration, List<string> problems)
{
    /// <summary>The section of host.json, and of environment variables that override it.</summary>
    public const string HostSection = "AzureFunctionsJobHost";

    /// <summary>The section of what only the embedded host has.</summary>
    public const string EmbeddedSection = "EmbeddedHost";

    private readonly HashSet<string> _read = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of all that was asked for.</summary>
    public IReadOnlyCollection<string> Read => _read;

    public string? Text(string key)
    {
        _read.Add(key);
        return configuration[key] is { } value && value.Trim().Length > 0 ? value.Trim() : null;
    }

    /// <summary>Whether the setting is there and says nothing, as opposed to not being there.</summary>
    public bool IsEmpty(string key) => configuration[key] is { } value && value.Trim().Length == 0;

    public int Whole(string key, int byDefault, int least, int most)
    {
        if (Text(key) is not { } text)
            return byDefault;
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        Refuse(key, $"a whole number from {least} to {most}");
        return byDefault;
    }

    public TimeSpan Time(string key, TimeSpan byDefault, TimeSpan least, TimeSpan most)
    {
        if (Text(key) is not { } text)
            return byDefault;
        // A bare number would be read as days; people who write one mean something else.
        if (text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        Refuse(key, $"a time as hh:mm:ss from {least:c} to {most:c}");
        return byDefault;
    }

    public bool Flag(string key, bool byDefault) => OneOf(key, byDefault, ("true", true), ("false", false));

    public T OneOf<T>(string key, T byDefault, params (string Name, T Value)[] choices)
    {
        if (Text(key) is not { } text)
            return byDefault;
        foreach (var (name, value) in choices)
        {
            if (string.Equals(name, text, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        RefuseChoice(key, [.. choices.Select(choice => choice.Name)]);
        return byDefault;
    }

    public IReadOnlyList<string> List(string key) =>
        [.. configuration.GetSection(key).GetChildren().Select(child => child.Value?.Trim() ?? "").Where(value => value.Length > 0)];

    public IReadOnlyDictionary<string, string> Map(string key) =>
        configuration.GetSection(key).GetChildren().Where(child => child.Value is not null).ToDictionary(child => child.Key, child => child.Value!, StringComparer.OrdinalIgnoreCase);

    /// <summary>Notes that the setting is none of those names, and which of them may be meant.</summary>
    public void RefuseChoice(string key, IReadOnlyList<string> names) => Refuse(
        key,
        $"one of {string.Join(", ", names)}"
            + (Spelling.Nearest(configuration[key] ?? "", names) is ({ } nearest, <= 2) ? $" (did you mean {nearest}?)" : ""));

    public void Refuse(string key, string expected) =>
        problems.Add($"The setting {NameOf(key)} is '{configuration[key]}'; expected {expected}. Correct it or leave it out.");

    /// <summary>The setting's name where a user would write it.</summary>
    public static string NameOf(string key)
    {
        var variable = key.Replace(":", "__", StringComparison.Ordinal);
        return key.StartsWith(HostSection + ":", StringComparison.Ordinal)
            ? $"{key[(HostSection.Length + 1)..].Replace(':', '.')} of host.json (or the environment variable {variable})"
            : variable;
    }
}
