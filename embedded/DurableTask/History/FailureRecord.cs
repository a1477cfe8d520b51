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
    // A cause deeper than this is left out: JSON is written only so deep, and a failure that cannot be stored would never end its instance.
    private const int MostCauses = 40;

    /// <param name="exception">What happened.</param>
    /// <param name="provider">Says what else of an exception is kept; null for nothing.</param>
    public static FailureRecord From(Exception exception, IExceptionPropertiesProvider? provider = null) => From(exception, provider, MostCauses);

    public TaskFailureDetails ToDetails() => new(ErrorType, ErrorMessage, StackTrace, Inner?.ToDetails(), FailureProperties.Read(Properties));

    private static FailureRecord From(Exception exception, IExceptionPropertiesProvider? provider, int causes)
    {
        var inner = (exception, causes) switch
        {
            (_, 0) => null,
            (TaskFailedException failed, _) => From(failed.FailureDetails, causes - 1),
            ({ InnerException: { } cause }, _) => From(cause, provider, causes - 1),
            _ => null,
        };
        return new FailureRecord(
            exception.GetType().ToString(), exception.Message, exception.StackTrace, inner, Properties: FailureProperties.Of(exception, provider));
    }

    private static FailureRecord From(TaskFailureDetails details, int causes) => new(
        details.ErrorType, details.ErrorMessage, details.StackTrace, causes > 0 && details.InnerFailure is { } inner ? From(inner, causes - 1) : null,
        Properties: FailureProperties.Write(details.Properties));
}
