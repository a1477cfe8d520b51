namespace Serverless.Platform.Storage;

/// <summary>Why something a user brought was not taken: what was found, where, what was expected, what to do.</summary>
/// <param name="Reason">One sentence that says what was found and what was expected.</param>
/// <param name="Remedy">One sentence that says what to do.</param>
/// <param name="Row">The row in the file, 1 for the first after the header; null where the refusal is of more than a row.</param>
/// <param name="Column">The column's header; null where it is of more than a column.</param>
/// <param name="Line">The line in the file, 1 for the first; null where unknown.</param>
public sealed record Refusal(string Reason, string Remedy, long? Row = null, string? Column = null, long? Line = null);
