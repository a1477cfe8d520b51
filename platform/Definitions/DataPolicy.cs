namespace Serverless.Platform.Definitions;

/// <param name="Complete">What says that a folder's files are all there. <value>Default quiet-period.</value></param>
public sealed record DataPolicy(FolderCompletion Complete)
{
    public const double UsualRejects = 0.10;

    public static DataPolicy Default { get; } = new(FolderCompletion.QuietPeriod);

    /// <summary>What is done with card numbers and other direct identifiers.</summary>
    public IdentifierPolicy Identifiers { get; init; } = IdentifierPolicy.Default;

    /// <summary>The greatest share of a file's rows that may be refused one by one; beyond it the file is refused. <value>Default 0.10, 0 to 1.</value></summary>
    public double Rejects { get; init; } = UsualRejects;
}

/// <summary>What says that the files of a folder are all there.</summary>
public enum FolderCompletion
{
    /// <summary>No other file came for a while.</summary>
    QuietPeriod,

    /// <summary>A blob called <c>_complete</c> in the folder, or in one above it; files without one wait.</summary>
    Marker,
}
