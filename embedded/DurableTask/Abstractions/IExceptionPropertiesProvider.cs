namespace Microsoft.DurableTask.Worker;

/// <summary>Says what else of an exception is kept in <see cref="TaskFailureDetails.Properties"/>. Register one as a service.</summary>
public interface IExceptionPropertiesProvider
{
    /// <returns>Names and values: text, numbers, truth values, times, lists and maps of such; null for none.</returns>
    IDictionary<string, object?>? GetExceptionProperties(Exception exception);
}
