using Microsoft.DurableTask;

namespace Serverless.Embedded.DurableTask.History;

/// <summary>A failure as it is stored. <paramref name="IsNonRetriable"/>: no retry could mend it, so none is made.</summary>
internal sealed record FailureRecord(
    string ErrorType, string ErrorMessage, string? StackTrace = null, FailureRecord? Inner = null, bool IsNonRetriable = false)
{
    public static FailureRecord From(Exception exception) => From(TaskFailureDetails.FromException(exception));

    public TaskFailureDetails ToDetails() => new(ErrorType, ErrorMessage, StackTrace, Inner?.ToDetails(), null);

    private static FailureRecord From(TaskFailureDetails details) => new(
        details.ErrorType, details.ErrorMessage, details.StackTrace, details.InnerFailure is { } inner ? From(inner) : null);
}
