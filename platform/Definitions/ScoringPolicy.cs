namespace Serverless.Platform.Definitions;

/// <param name="Reasons">How many reasons each scored row gets. <value>Default 0, at most 4.</value></param>
public sealed record ScoringPolicy(int Reasons)
{
    /// <summary>What lenders name to an applicant at most: further ones say little.</summary>
    public const int MostReasons = 4;

    public static ScoringPolicy Default { get; } = new(0);

    internal static ScoringPolicy Read(SectionReader root) =>
        new(root.Section("scoring", "{ reasons: 4 }", "reasons").Integer("reasons", Default.Reasons, 0, MostReasons));
}
