using System.Diagnostics.CodeAnalysis;

namespace Microsoft.DurableTask;

/// <summary>Why a task failed, in a form that outlives the process in which it failed.</summary>
/// <param name="ErrorType">The full name of the exception's type, or a plain word where there was no exception.</param>
/// <param name="ErrorMessage">The exception's message.</param>
/// <param name="StackTrace">Where it was thrown, if known.</param>
/// <param name="InnerFailure">What caused it, if known.</param>
/// <param name="Properties">Further properties, if any.</param>
public record TaskFailureDetails(
    string ErrorType,
    string ErrorMessage,
    string? StackTrace,
    TaskFailureDetails? InnerFailure,
    IDictionary<string, object?>? Properties)
{
    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    /// <summary>Whether the failure's exception type is <typeparamref name="T"/> or derives from it.</summary>
    public bool IsCausedBy<T>()
        where T : Exception => IsCausedBy(typeof(T));

    /// <summary>Whether the failure's exception type is the given one or derives from it. False when the type is not loaded here.</summary>
    public bool IsCausedBy(Type targetBaseExceptionType)
    {
        ArgumentNullException.ThrowIfNull(targetBaseExceptionType);
        if (!typeof(Exception).IsAssignableFrom(targetBaseExceptionType))
            throw new ArgumentException($"{targetBaseExceptionType} is not an exception type.", nameof(targetBaseExceptionType));
        if (string.IsNullOrEmpty(ErrorType))
            return false;

        var thrown = Type.GetType(ErrorType, throwOnError: false)
            ?? targetBaseExceptionType.Assembly.GetType(ErrorType, throwOnError: false)
            ?? AppDomain.CurrentDomain.GetAssemblies()
                .Select(assembly => assembly.GetType(ErrorType, throwOnError: false))
                .FirstOrDefault(type => type is not null);
        return targetBaseExceptionType.IsAssignableFrom(thrown);
    }

    public static TaskFailureDetails FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Convert(exception);
    }

    [return: NotNullIfNotNull(nameof(exception))]
    private static TaskFailureDetails? Convert(Exception? exception) => exception switch
    {
        null => null,

        // The task's own failure is the cause; the exception that carried it across the await is the outer layer.
        TaskFailedException failed => new(failed.GetType().ToString(), failed.Message, failed.StackTrace, failed.FailureDetails, null),
        _ => new(exception.GetType().ToString(), exception.Message, exception.StackTrace, Convert(exception.InnerException), null),
    };
}
