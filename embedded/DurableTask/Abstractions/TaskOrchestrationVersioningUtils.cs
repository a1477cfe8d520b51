namespace Microsoft.DurableTask.Abstractions;

/// <summary>The order of orchestration versions.</summary>
public static class TaskOrchestrationVersioningUtils
{
    /// <summary>
    /// Compares two versions: as <see cref="System.Version"/>s when both are such, else as text without regard to case.
    /// No version is older than any version.
    /// </summary>
    public static int CompareVersions(string sourceVersion, string otherVersion)
    {
        var (isSourceEmpty, isOtherEmpty) = (string.IsNullOrWhiteSpace(sourceVersion), string.IsNullOrWhiteSpace(otherVersion));
        if (isSourceEmpty || isOtherEmpty)
            return isOtherEmpty.CompareTo(isSourceEmpty);
        return Version.TryParse(sourceVersion, out var source) && Version.TryParse(otherVersion, out var other)
            ? source.CompareTo(other)
            : string.Compare(sourceVersion, otherVersion, StringComparison.OrdinalIgnoreCase);
    }
}
