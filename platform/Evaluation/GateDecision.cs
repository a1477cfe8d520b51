using System.Text.Json.Serialization;

namespace Serverless.Platform.Evaluation;

/// <summary>Whether a candidate may be promoted, and why: passed only if every reason is.</summary>
/// <param name="Passed">Whether it may.</param>
/// <param name="Reasons">Every rule that was looked at, in a fixed order, passed or not.</param>
/// <param name="Comparison">The candidate beside the champion on the same rows; null where there was none to compare with.</param>
/// <param name="Ungated">How the two compare, or why they could not be, in a sentence; null where there is no champion, or a rule says so.</param>
public sealed record GateDecision(
    bool Passed,
    IReadOnlyList<GateReason> Reasons,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ComparisonReport? Comparison = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Ungated = null);

/// <param name="Rule"><c>parity</c>, <c>minimum roc-auc</c>, <c>maximum brier</c>, <c>champion roc-auc</c>, <c>maximum demographic-parity-difference of Marital</c> and the like.</param>
/// <param name="Found">What the candidate has, on the rows that the rule compares on; null if it was not measured.</param>
/// <param name="Required">The bound it is held to; null where there is none, since what it follows from was not measured: such a rule does not pass.</param>
/// <param name="AtLeast">True if <paramref name="Found"/> must be at least <paramref name="Required"/>, false if at most.</param>
/// <param name="Passed">Whether the bound is kept.</param>
/// <param name="Explanation">The same in a sentence.</param>
/// <param name="Low">Lower end of the 95% interval of <paramref name="Found"/>; null where there is none.</param>
/// <param name="High">Upper end.</param>
/// <param name="Difference">For a comparison with the champion: by how much the two differ on the same rows; null for other rules.</param>
public sealed record GateReason(
    string Rule,
    double? Found,
    double? Required,
    bool AtLeast,
    bool Passed,
    string Explanation,
    // Left out where there is none: a decision that an older release recorded must come out in the same bytes.
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Low = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? High = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PairedDifference? Difference = null);
