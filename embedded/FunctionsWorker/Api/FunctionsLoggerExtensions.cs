namespace Microsoft.Extensions.Logging;

public static class FunctionsLoggerExtensions
{
    /// <summary>Logs a metric, as structured fields: its name, its value, and the properties.</summary>
    public static void LogMetric(this ILogger logger, string name, double value, IDictionary<string, object>? properties = null)
    {
        var state = new Dictionary<string, object>(properties ?? new Dictionary<string, object>()) { ["Name"] = name, ["Value"] = value };
        logger.Log(LogLevel.Information, new EventId(1, "Metric"), state, null, static (fields, _) => $"Metric {fields["Name"]} = {fields["Value"]}");
    }
}
