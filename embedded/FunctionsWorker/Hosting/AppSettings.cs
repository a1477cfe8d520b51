using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>The settings that attributes of functions refer to.</summary>
internal sealed partial class AppSettings(IConfiguration configuration)
{
    /// <summary>The text with each <c>%setting%</c> replaced by that setting's value.</summary>
    /// <exception cref="FormatException">A setting is not there.</exception>
    public string Resolve(string text) => Expression().Replace(text, match => ValueOf(match.Groups[1].Value)
        ?? throw new FormatException($"'{text}' refers to the app setting '{match.Groups[1].Value}', which does not exist. Add it to local.settings.json or the environment."));

    /// <summary>The connection string of that name: <c>AzureWebJobs{name}</c>, else <c>{name}</c>, else the connection string so named.</summary>
    /// <exception cref="FormatException">There is none, or it is not a connection string.</exception>
    public string ConnectionString(string? name)
    {
        name = string.IsNullOrWhiteSpace(name) ? "Storage" : Resolve(name);
        if (Find(name) is { } value)
            return value;
        var prefixed = Prefixed(name);
        var setting = name == "Storage" ? prefixed : name;
        throw new FormatException(configuration.GetSection(prefixed).GetChildren().Any() || configuration.GetSection(name).GetChildren().Any()
            ? $"The app setting '{setting}' describes an identity-based connection, which the embedded host does not support. Give it a connection string."
            : $"The app setting '{setting}' does not exist. Set it to a storage connection string; UseDevelopmentStorage=true is Azurite's on its usual ports.");
    }

    /// <summary>Whether <c>AzureWebJobs.{function}.Disabled</c>, in either spelling, is true.</summary>
    public bool IsDisabled(string function) =>
        (configuration[$"AzureWebJobs.{function}.Disabled"] ?? configuration[$"AzureWebJobs:{function}:Disabled"])?.Trim() is { } value
        && (value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the host has a storage account of its own.</summary>
    public bool HasStorage => Find("Storage") is not null;

    private string? Find(string name) => ValueOf(Prefixed(name)) ?? ValueOf(name) ?? configuration.GetConnectionString(name);

    private static string Prefixed(string name) => name.StartsWith("AzureWebJobs", StringComparison.OrdinalIgnoreCase) ? name : "AzureWebJobs" + name;

    private string? ValueOf(string name) =>
        (configuration[name] ?? configuration[name.Replace("__", ":", StringComparison.Ordinal)]) is { Length: > 0 } value ? value : null;

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Expression();
}
