namespace Serverless.Platform.Datasets;

/// <summary>
/// A blob called <c>_complete</c>, of any content: the files of its folder, and of the folders within, are all there. The folder is read at once
/// when it comes.
/// </summary>
public static class CompletionMarker
{
    public const string Name = "_complete";

    /// <summary>Whether the blob of this name is a marker.</summary>
    public static bool Is(string blob) => blob.EndsWith($"/{Name}", StringComparison.Ordinal);

    /// <summary>Whether a file stands under one of the markers.</summary>
    /// <param name="blob">The file's name.</param>
    /// <param name="markers">The markers' names.</param>
    public static bool Covers(string blob, IReadOnlyList<string> markers) =>
        markers.Any(marker => blob.AsSpan().StartsWith(marker.AsSpan(0, marker.Length - Name.Length), StringComparison.Ordinal));
}
