using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Blobs;

/// <summary>What a blob-triggered function's parameters are made from.</summary>
internal static class BlobBindings
{
    public static readonly IReadOnlyList<string> DataNames = ["BlobTrigger", "Uri", "Properties", "Metadata"];

    public static ParameterBinding? For(Type type)
    {
        if (BlobValues.For(type) is not { } value)
            return null;
        return invocation =>
        {
            var blob = (BlobClient)invocation.Payload;
            return value(blob.GetParentBlobContainerClient(), blob.Name, invocation);
        };
    }

    public static Dictionary<string, object?> DataOf(BlobClient blob, BlobProperties properties, IReadOnlyDictionary<string, string> path)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["BlobTrigger"] = $"{blob.BlobContainerName}/{blob.Name}",
            ["Uri"] = JsonSerializer.Serialize(blob.Uri),
            ["Properties"] = JsonSerializer.Serialize(new
            {
                properties.LastModified,
                properties.CreatedOn,
                properties.Metadata,
                properties.BlobType,
                properties.ContentLength,
                properties.ContentType,
                properties.ContentEncoding,
                properties.ContentLanguage,
                properties.CacheControl,
                ETag = properties.ETag.ToString(),
            }),
            ["Metadata"] = JsonSerializer.Serialize(properties.Metadata),
        };
        foreach (var (name, value) in path)
            data[name] = value;
        return data;
    }
}
