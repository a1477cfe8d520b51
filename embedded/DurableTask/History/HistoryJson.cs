using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Embedded.DurableTask.History;

[JsonSerializable(typeof(HistoryEvent))]
[JsonSerializable(typeof(IReadOnlyList<HistoryEvent>))]
[JsonSerializable(typeof(EntityMessage))]
[JsonSerializable(typeof(FailureRecord))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(RecordingDocument))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class HistoryJson : JsonSerializerContext
{
    private static readonly HistoryJson Compact = new(Settings(indented: false));

    private static readonly HistoryJson Indented = new(Settings(indented: true));

    public static byte[] Write(HistoryEvent historyEvent) => JsonSerializer.SerializeToUtf8Bytes(historyEvent, Compact.HistoryEvent);

    public static byte[] Write(IReadOnlyList<HistoryEvent> events) => JsonSerializer.SerializeToUtf8Bytes(events, Compact.IReadOnlyListHistoryEvent);

    public static HistoryEvent Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Compact.HistoryEvent) ?? throw new JsonException("A history event is null.");

    public static IReadOnlyList<HistoryEvent> ReadEvents(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Compact.IReadOnlyListHistoryEvent) is { } events && events.All(static item => item is not null)
            ? events
            : throw new JsonException("An episode's events, or one of them, are null.");

    public static string Write(EntityMessage message) => JsonSerializer.Serialize(message, Compact.EntityMessage);

    public static EntityMessage ReadEntityMessage(string json) =>
        JsonSerializer.Deserialize(json, Compact.EntityMessage) ?? throw new JsonException("An entity's message is null.");

    public static string? Write(FailureRecord? failure) => failure is null ? null : JsonSerializer.Serialize(failure, Compact.FailureRecord);

    public static FailureRecord? ReadFailure(string? json) => json is null ? null : JsonSerializer.Deserialize(json, Compact.FailureRecord);

    public static string? Write(IReadOnlyDictionary<string, string>? tags) =>
        tags is null ? null : JsonSerializer.Serialize(tags, Compact.IReadOnlyDictionaryStringString);

    public static IReadOnlyDictionary<string, string>? ReadTags(string? json) =>
        json is null ? null : JsonSerializer.Deserialize(json, Compact.IReadOnlyDictionaryStringString);

    public static string Write(RecordingDocument recording) => JsonSerializer.Serialize(recording, Indented.RecordingDocument);

    public static RecordingDocument ReadRecording(string json) =>
        JsonSerializer.Deserialize(json, Indented.RecordingDocument) ?? throw new JsonException("A history recording is null.");

    private static JsonSerializerOptions Settings(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        AllowOutOfOrderMetadataProperties = true,

        // Failures nest: as deep as a FailureRecord keeps causes, and its properties within.
        MaxDepth = 256,
        WriteIndented = indented,

        // The text goes into a database or a file, never into HTML; escaping no more than JSON must keeps payloads close to their own size.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

/// <summary>A recorded history, as a file holds it.</summary>
internal sealed record RecordingDocument(string InstanceId, IReadOnlyList<HistoryEvent> History);
