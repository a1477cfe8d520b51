using System.Security.Cryptography;
using System.Text;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets;

/// <summary>The name of a dataset, by what it is made of.</summary>
public static class DatasetVersion
{
    /// <summary>Of the dataset's files and of how values are read; a change of either is a change of every version.</summary>
    public const int FormatVersion = 2;

    private const int Digits = 16;

    /// <summary>SHA-256 of the part of a definition that affects data, in lower-case hexadecimal.</summary>
    public static string Fingerprint(ModelDefinition definition)
    {
        var content = DatasetJson.Write(new
        {
            definition.Target,
            Ignore = definition.Ignore.Order(StringComparer.Ordinal),
            Sensitive = definition.Sensitive.Order(StringComparer.Ordinal),
        });

        // What came later counts only where it is used, so that datasets made before keep their names.
        byte[] task = definition.Task == LearningTask.BinaryClassification ? [] : Encoding.UTF8.GetBytes($"{definition.Task}");
        byte[] roles = definition.Features.Count == 0 ? [] : DatasetJson.Write(definition.Features.OrderBy(f => f.Key, StringComparer.Ordinal));
        byte[] split = definition.Training.Split is { } policy ? DatasetJson.Write(policy) : [];
        return Hash([.. content, .. task, .. roles, .. split]);
    }

    /// <summary>Whether a text has the form of a version.</summary>
    public static bool IsValid(string version) => version.Length == Digits && version.All(char.IsAsciiHexDigitLower);

    /// <summary>16 hexadecimal digits; the order of the hashes does not matter, nor how often one comes.</summary>
    /// <param name="definition">The model's definition.</param>
    /// <param name="contentHashes">Of the accepted files.</param>
    /// <param name="changes">What else made the rows others than those of the files, each in a text of its own; null: nothing.</param>
    public static string Of(ModelDefinition definition, IEnumerable<string> contentHashes, IEnumerable<string>? changes = null)
    {
        var parts = contentHashes.Select(h => h.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal)
            .Prepend(Fingerprint(definition))
            .Prepend($"dataset/{FormatVersion}")
            .Concat((changes ?? []).Order(StringComparer.Ordinal));
        return Hash(Encoding.UTF8.GetBytes(string.Join('\n', parts)))[..Digits];
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
