using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Blobs;

/// <summary>What a blob-triggered function's parameters are made from.</summary>
internal static class BlobBindings
{
    public const string Expected = "Stream, BlobClient, BlockBlobClient, BlobBaseClient, string, byte[], BinaryData, or a type that can be read from JSON";

    public static readonly IReadOnlyList<string> DataNames = ["BlobTrigger", "Uri", "Properties", "Metadata"];

    public static ParameterBinding? For(Type type)
    {
        if (type == typeof(BlobClient) || type == typeof(BlobBaseClient))
            return invocation => new(Client(invocation.Payload));
        if (type == typeof(BlockBlobClient))
            return invocation => new(Container(invocation.Payload).GetBlockBlobClient(Client(invocation.Payload).Name));
        if (type == typeof(Stream))
            return async invocation => await Client(invocation.Payload).OpenReadAsync(new BlobOpenReadOptions(false), invocation.CancellationToken);
        if (type == typeof(BinaryData))
            return async invocation => await ContentAsync(invocation.Payload, invocation.CancellationToken);
        if (type == typeof(string))
            return async invocation => (await ContentAsync(invocation.Payload, invocation.CancellationToken)).ToString();
        if (type == typeof(byte[]))
            return async invocation => (await ContentAsync(invocation.Payload, invocation.CancellationToken)).ToArray();
        if (type.IsInterface || type.IsPointer || typeof(Delegate).IsAssignableFrom(type) || typeof(Stream).IsAssignableFrom(type)
            || type.Namespace?.StartsWith("Azure.", StringComparison.Ordinal) == true)
            return null;
        return async invocation => invocation.Serializer.Read(
            await ContentAsync(invocation.Payload, invocation.CancellationToken), type, "blob", invocation.Function.Name);
    }

    public static Dictionary<string, object?> DataOf(BlobClient blob, BlobProperties properties, IReadOnlyDictionary<string, string> path)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["BlobTrigger"] = $"{blob.BlobContainerName}/{blob.Name}",
            ["Uri"] = JsonSerializer.Serialize(blob.Uri),
            ["Properties"] = JsonSerializer.Serialize(new
            {
                ETag = properties.ETag.ToString(),
                Length = properties.ContentLength,
                properties.ContentType,
                properties.LastModified,
                Created = properties.CreatedOn,
            }),
            ["Metadata"] = JsonSerializer.Serialize(properties.Metadata),
        };
        foreach (var (name, value) in path)
            data[name] = value;
        return data;
    }

    private static BlobClient Client(object payload) => (BlobClient)payload;

    private static BlobContainerClient Container(object payload) => Client(payload).GetParentBlobContainerClient();

    private static async Task<BinaryData> ContentAsync(object payload, CancellationToken cancellationToken) =>
        (await Client(payload).DownloadContentAsync(cancellationToken)).Value.Content;
}
