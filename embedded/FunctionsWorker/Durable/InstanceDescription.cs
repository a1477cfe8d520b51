using System.Globalization;
using System.Text.Json.Nodes;
using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask.Client;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>An instance and its history as the durable HTTP API tells them.</summary>
internal static class InstanceDescription
{
    public static JsonObject Of(OrchestrationMetadata instance, bool showInput) => new()
    {
        ["name"] = instance.Name,
        ["instanceId"] = instance.InstanceId,
        ["runtimeStatus"] = instance.RuntimeStatus.ToString(),
        ["input"] = showInput ? Json(instance.SerializedInput) : null,
        ["customStatus"] = Json(instance.SerializedCustomStatus),
        ["output"] = instance.FailureDetails is { } failure ? failure.ToString() : Json(instance.SerializedOutput),
        ["createdTime"] = Time(instance.CreatedAt),
        ["lastUpdatedTime"] = Time(instance.LastUpdatedAt),
    };

    /// <summary>The steps of the code are left out, and what was asked for is told with its answer, once that is there.</summary>
    public static JsonArray Of(IList<HistoryEvent> history, bool showInput, bool showOutput)
    {
        var scheduled = history.Where(item => item is TaskScheduledEvent or SubOrchestrationInstanceCreatedEvent).ToDictionary(item => item.EventId);
        var answered = history.Select(AnsweredBy).OfType<int>().ToHashSet();
        return [.. history
            .Where(item => item is not (OrchestratorStartedEvent or OrchestratorCompletedEvent) && !(scheduled.ContainsKey(item.EventId) && answered.Contains(item.EventId)))
            .Select(item => Describe(item, AnsweredBy(item) is { } task ? scheduled.GetValueOrDefault(task) : null, showInput, showOutput))];
    }

    public static JsonNode? Json(string? serialized) => serialized is null ? null : JsonNode.Parse(serialized);

    private static JsonObject Describe(HistoryEvent item, HistoryEvent? cause, bool showInput, bool showOutput)
    {
        var description = new JsonObject { ["EventType"] = item.EventType.ToString() };
        var members = item switch
        {
            ExecutionStartedEvent started => [("FunctionName", started.Name), ("Input", showInput ? started.Input : null)],
            ExecutionCompletedEvent completed => [("OrchestrationStatus", completed.OrchestrationStatus.ToString()), ("Result", showOutput ? Json(completed) : null)],
            ExecutionTerminatedEvent terminated => [("Input", showInput ? terminated.Input : null)],
            ExecutionSuspendedEvent suspended => [("Reason", suspended.Reason)],
            ExecutionResumedEvent resumed => [("Reason", resumed.Reason)],
            ExecutionRewoundEvent rewound => [("Reason", rewound.Reason)],
            TaskScheduledEvent task => [("Name", task.Name)],
            TaskCompletedEvent completed => [("Result", showOutput ? Json(completed.Result) : null)],
            TaskFailedEvent failed => [("Reason", failed.Reason), ("FailureDetails", Describe(failed.FailureDetails))],
            SubOrchestrationInstanceCreatedEvent created => [("Name", created.Name), ("InstanceId", created.InstanceId)],
            SubOrchestrationInstanceCompletedEvent completed => [("Result", showOutput ? Json(completed.Result) : null)],
            SubOrchestrationInstanceFailedEvent failed => [("Reason", failed.Reason), ("FailureDetails", Describe(failed.FailureDetails))],
            TimerCreatedEvent timer => [("FireAt", Precise(timer.FireAt))],
            TimerFiredEvent timer => [("FireAt", Precise(timer.FireAt))],
            EventSentEvent sent => [("InstanceId", sent.InstanceId), ("Name", sent.Name)],
            EventRaisedEvent raised => [("Name", raised.Name), ("Input", showInput ? raised.Input : null)],
            _ => (IEnumerable<(string Name, JsonNode? Value)>)[],
        };
        foreach (var (name, value) in members.Where(member => member.Value is not null))
            description[name] = value;
        if (cause is not null)
        {
            description["ScheduledTime"] = Precise(cause.Timestamp);
            description["FunctionName"] = cause is TaskScheduledEvent task ? task.Name : ((SubOrchestrationInstanceCreatedEvent)cause).Name;
        }

        description["Timestamp"] = Precise(item.Timestamp);
        return description;
    }

    private static JsonNode? Json(ExecutionCompletedEvent completed) =>
        completed.OrchestrationStatus == OrchestrationStatus.Completed ? Json(completed.Result) : completed.FailureDetails?.ToString();

    private static JsonObject? Describe(FailureDetails? failure) => failure is null ? null : new JsonObject
    {
        ["ErrorType"] = failure.ErrorType,
        ["ErrorMessage"] = failure.ErrorMessage,
        ["StackTrace"] = failure.StackTrace,
        ["InnerFailure"] = Describe(failure.InnerFailure),
        ["IsNonRetriable"] = failure.IsNonRetriable,
    };

    private static int? AnsweredBy(HistoryEvent item) => item switch
    {
        TaskCompletedEvent completed => completed.TaskScheduledId,
        TaskFailedEvent failed => failed.TaskScheduledId,
        SubOrchestrationInstanceCompletedEvent completed => completed.TaskScheduledId,
        SubOrchestrationInstanceFailedEvent failed => failed.TaskScheduledId,
        _ => null,
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("s", CultureInfo.InvariantCulture) + "Z";

    private static string Precise(DateTime time) => time.ToString("O", CultureInfo.InvariantCulture);
}
