namespace Serverless.Platform.Storage;

/// <summary>Why something a user brought was not taken: what was found, where, what was expected, what to do.</summary>
/// <param name="Reason">One sentence that says what was found and what was expected.</param>
/// <param name="Remedy">One sentence that says what to do.</param>
/// <param name="Row">The row in the file, 1 for the first after the header; null where the refusal is of more than a row.</param>
/// <param name="Column">The column's header; null where it is of more than a column.</param>
/// <param name="Line">The line in the file, 1 for the first; null where unknown.</param>
public sealed record Refusal(string Reason, string Remedy, long? Row = null, string? Column = null, long? Line = null)
{
    /// <summary>Which rule a row breaks, such as <c>type</c>, <c>target</c> or <c>contract.max</c>; null where the refusal is of more than a row, or of an older release.</summary>
    public string? Rule { get; init; }
}

/// <summary>How often rows of a file broke a rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Column">The column's header.</param>
/// <param name="Count">In how many rows.</param>
public sealed record RefusalCount(string Rule, string Column, long Count);

/// <summary>The rows of a file that were refused one by one.</summary>
/// <param name="Count">How many.</param>
/// <param name="Reasons">Why, of the first of them.</param>
/// <param name="Counts">All reasons by rule and column.</param>
public sealed record RefusedRows(long Count, IReadOnlyList<Refusal> Reasons, IReadOnlyList<RefusalCount> Counts);
