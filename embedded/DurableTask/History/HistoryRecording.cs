using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask;

/// <summary>The history of one orchestration instance, as JSON in a file: what it was told, what it did, and how it ended.</summary>
public sealed class HistoryRecording
{
    internal HistoryRecording(string instanceId, IReadOnlyList<HistoryEvent> history)
    {
        InstanceId = instanceId;
        History = history;
    }

    public string InstanceId { get; }

    /// <summary>The orchestrator's name.</summary>
    public string Name => History.OfType<ExecutionStarted>().FirstOrDefault()?.Name ?? string.Empty;

    internal IReadOnlyList<HistoryEvent> History { get; }

    /// <exception cref="System.Text.Json.JsonException">The text is not a recording.</exception>
    public static HistoryRecording Parse(string json)
    {
        var document = HistoryJson.ReadRecording(json);
        return new HistoryRecording(document.InstanceId, document.History);
    }

    public string ToJson() => HistoryJson.Write(new RecordingDocument(InstanceId, History));
}
