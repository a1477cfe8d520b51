using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Storage;

/// <summary>One version of a file that a user dropped into a container.</summary>
/// <param name="Container">One of the input containers.</param>
/// <param name="Name">The blob's name in it, e.g. <c>credit-risk/2026/october.csv</c>.</param>
/// <param name="ETag">The version of the blob, as storage gave it.</param>
public sealed partial record DroppedFile(string Container, string Name, string ETag)
{
    /// <summary>The file as storage describes it. Listings give an ETag bare, headers give it in quotes: here it is always bare.</summary>
    public static DroppedFile From(string container, string name, Azure.ETag etag) => new(container, name, etag.ToString().Trim('"'));

    /// <summary><c>{container}/{name}</c>: how reports and people name the file.</summary>
    public string Path => $"{Container}/{Name}";

    /// <summary>The name without the model's folder: <c>2026/october.csv</c>.</summary>
    public string NameInFolder => Name[(Name.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>Whether it is a model's contract, <c>{model}.contract.yaml</c>, beside its definition.</summary>
    public bool IsContract => Container == Containers.Definitions && DefinitionName().Match(Name).Groups[2].Length > 0;

    /// <summary>The model the file is for: its first folder, or for a definition or a contract its name; null where the path has no valid one.</summary>
    public string? Model => ModelAsNamed() is var model && DefinitionParser.IsModelName(model) ? model : null;

    /// <summary>What stands where the model's name should, valid or not; empty where nothing does.</summary>
    // No property: these are part of what runs record.
    public string ModelAsNamed() => Container == Containers.Definitions
        ? DefinitionName().Match(Name).Groups[1].Value
        : Name.Split('/', 2) is [var folder, { Length: > 0 }] ? folder : "";

    /// <summary>
    /// An orchestration's instance id for this version of the file: the same for each trigger, sweep and redelivery, another for each new version.
    /// </summary>
    public string InstanceId(string verb)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Path}\n{ETag}"));
        return $"{verb}-{Model ?? "unnamed"}-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
    }

    [GeneratedRegex(@"^([^/]+?)(\.contract)?\.ya?ml$", RegexOptions.CultureInvariant)]
    private static partial Regex DefinitionName();
}
