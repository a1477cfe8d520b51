namespace Serverless.Platform.Definitions;

/// <param name="Complete">What says that a folder's files are all there. <value>Default quiet-period.</value></param>
public sealed record DataPolicy(FolderCompletion Complete)
{
    public static DataPolicy Default { get; } = new(FolderCompletion.QuietPeriod);
}

/// <summary>What says that the files of a folder are all there.</summary>
public enum FolderCompletion
{
    /// <summary>No other file came for a while.</summary>
    QuietPeriod,

    /// <summary>A blob called <c>_complete</c> in the folder, or in one above it; files without one wait.</summary>
    Marker,
}
