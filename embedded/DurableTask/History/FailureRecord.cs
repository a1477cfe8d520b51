using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;

namespace Serverless.Embedded.DurableTask.History;

/// <summary>A failure as it is stored. <paramref name="IsNonRetriable"/>: no retry could mend it, so none is made.</summary>
internal sealed record FailureRecord(
    string ErrorType,
    string ErrorMessage,
    string? StackTrace = null,
    FailureRecord? Inner = null,
    bool IsNonRetriable = false,
    IReadOnlyDictionary<string, JsonElement>? Properties = null)
{
    /// <param name="exception">What happened.</param>
    /// <param name="provider">Says what else of an exception is kept; null for nothing.</param>
    public static FailureRecord From(Exception exception, IExceptionPropertiesProvider? provider = null) => exception is TaskFailedException failed
        ? From(failed, From(failed.FailureDetails), provider)
        : From(exception, exception.InnerException is { } inner ? From(inner, provider) : null, provider);

    public TaskFailureDetails ToDetails() => new(ErrorType, ErrorMessage, StackTrace, Inner?.ToDetails(), FailureProperties.Read(Properties));

    private static FailureRecord From(Exception exception, FailureRecord? inner, IExceptionPropertiesProvider? provider) => new(
        exception.GetType().ToString(), exception.Message, exception.StackTrace, inner,
        Properties: FailureProperties.Write(provider?.GetExceptionProperties(exception)));

    private static FailureRecord From(TaskFailureDetails details) => new(
        details.ErrorType, details.ErrorMessage, details.StackTrace, details.InnerFailure is { } inner ? From(inner) : null,
        Properties: FailureProperties.Write(details.Properties));
}
