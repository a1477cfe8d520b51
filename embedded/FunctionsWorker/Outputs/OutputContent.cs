using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Serverless.Embedded.FunctionsWorker.Durable;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Outputs;

/// <summary>Turns what functions return into the bytes that blobs and messages hold, as the genuine host does.</summary>
internal static class OutputContent
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Indented = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    /// <summary>A blob's content; null for a value that serializes to JSON's null.</summary>
    public static byte[]? OfBlob(object value, WorkerSerializer serializer)
    {
        switch (value)
        {
            case byte[] bytes:
                return bytes;
            case string text:
                return Encoding.UTF8.GetBytes(text);
        }

        using var document = Serialize(value, serializer);
        var root = document.RootElement;
        return root.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => Encoding.UTF8.GetBytes(root.GetString()!),
            // Bare numbers and truth values go as their bytes in memory.
            JsonValueKind.True or JsonValueKind.False => BitConverter.GetBytes(root.GetBoolean()),
            JsonValueKind.Number => root.TryGetInt64(out var whole) ? BitConverter.GetBytes(unchecked((int)whole)) : BitConverter.GetBytes(root.GetDouble()),
            _ => Write(root, Compact),
        };
    }

    /// <summary>The bodies of the messages to send: one for each element of a collection, or of text that is a JSON array; otherwise one.</summary>
    /// <exception cref="JsonException">Text looks like a JSON object or array and is none.</exception>
    public static IReadOnlyList<byte[]> OfMessages(object value, WorkerSerializer serializer)
    {
        if (value is byte[] bytes)
            return [bytes];
        if (value is string text && !JsonText.IsObjectOrArray(text))
            return [Encoding.UTF8.GetBytes(text)];
        using var document = value is string json ? JsonDocument.Parse(json) : Serialize(value, serializer);
        var root = document.RootElement;
        return root.ValueKind switch
        {
            JsonValueKind.Null => [],
            JsonValueKind.Array => [.. root.EnumerateArray().Select(Body)],
            _ => [Body(root)],
        };
    }

    private static byte[] Body(JsonElement element) => element.ValueKind is JsonValueKind.Object or JsonValueKind.Array
        ? Write(element, Indented)
        : Encoding.UTF8.GetBytes(JsonText.OfScalar(element) ?? "");

    private static byte[] Write(JsonElement element, JsonWriterOptions options)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, options))
            element.WriteTo(writer);
        return stream.ToArray();
    }

    private static JsonDocument Serialize(object value, WorkerSerializer serializer) => JsonDocument.Parse(serializer.Serialize(value) ?? "null");
}
