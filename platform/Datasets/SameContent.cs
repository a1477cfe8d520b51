using System.Security.Cryptography;

namespace Serverless.Platform.Datasets;

/// <summary>Finds files of one content among those of a dataset, compressed or not: a table that stands there twice is to count once.</summary>
internal static class SameContent
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>The files by their content, in the order of their content hashes and names.</summary>
    /// <param name="files">The files with their formats.</param>
    /// <param name="limits">How far a compressed file is expanded.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>Groups of one file or more.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<(SourceFile Source, TableFormat Format)>>> GroupAsync(
        IReadOnlyList<(SourceFile Source, TableFormat Format)> files, TableLimits limits, CancellationToken cancellationToken)
    {
        var groups = new List<List<(SourceFile, TableFormat)>>();
        var places = new Dictionary<(string Content, TableKind Kind), int>();
        foreach (var file in files.OrderBy(f => f.Source.ContentHash, StringComparer.Ordinal).ThenBy(f => f.Source.Name, StringComparer.Ordinal))
        {
            // A file alone of its kind is a copy of none, and need not be expanded to find that out.
            var mayRecur = file.Format.IsCompressed && files.Count(other => other.Format.Kind == file.Format.Kind) > 1;
            var content = mayRecur ? await HashExpandedAsync(file.Source, file.Format, limits, cancellationToken) : null;
            var key = (content ?? (file.Format.IsCompressed ? $"compressed {file.Source.ContentHash}" : file.Source.ContentHash), file.Format.Kind);
            if (places.TryAdd(key, groups.Count)) groups.Add([]);
            groups[places[key]].Add(file);
        }

        return groups;
    }

    /// <summary>SHA-256 of what a compressed file expands to, in lower-case hexadecimal; null where it cannot be expanded, or not so far.</summary>
    private static async Task<string?> HashExpandedAsync(SourceFile source, TableFormat format, TableLimits limits, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var expanded = SourceStream.OpenBytes(source.Path, format, limits);
        var buffer = new byte[BufferBytes];
        while (await expanded.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
        }

        return expanded.Refusal is null ? Convert.ToHexStringLower(hash.GetHashAndReset()) : null;
    }
}
