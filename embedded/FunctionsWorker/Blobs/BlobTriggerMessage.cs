using System.Text.Json;

namespace Serverless.Embedded.FunctionsWorker.Blobs;

/// <summary>What the blob trigger's own queue carries, and what its poison queue keeps, in the form the genuine host uses.</summary>
/// <param name="FunctionId">The function's id, <c>Host.Functions.{name}</c>.</param>
/// <param name="BlobType">Block, Append or Page.</param>
/// <param name="ContainerName">The container's name.</param>
/// <param name="BlobName">The blob's name in it.</param>
/// <param name="ETag">The version that was seen, in quotes.</param>
internal sealed record BlobTriggerMessage(string FunctionId, string BlobType, string ContainerName, string BlobName, string ETag)
{
    public string Type { get; init; } = "BlobTrigger";

    /// <summary>Base64 of the JSON, as queues carry it by default.</summary>
    public string Encoded() => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(this));

    /// <exception cref="JsonException">The body is not such a message.</exception>
    public static BlobTriggerMessage Read(BinaryData body) =>
        JsonSerializer.Deserialize<BlobTriggerMessage>(body) ?? throw new JsonException("The message is null; expected a blob trigger's message.");
}
