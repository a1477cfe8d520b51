using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;

namespace Serverless.Platform.Storage;

/// <summary>A JSON document read from a blob, with the ETag to change it by.</summary>
public sealed record StoredDocument<T>(T Value, ETag ETag);

/// <summary>The storage account that holds all of the platform's state, and the few ways it is read and written.</summary>
public sealed class PlatformStorage(BlobServiceClient blobs, QueueServiceClient queues)
{
    /// <summary>The client of one of <see cref="Containers"/>.</summary>
    public BlobContainerClient Container(string name) => blobs.GetBlobContainerClient(name);

    public BlobClient Blob(string container, string name) => Container(container).GetBlobClient(name);

    public QueueClient Queue(string name) => queues.GetQueueClient(name);

    /// <summary>Creates the containers and the queue that are missing.</summary>
    /// <exception cref="RequestFailedException">The account cannot be reached or refuses.</exception>
    public async Task EnsureCreatedAsync(CancellationToken cancellationToken)
    {
        foreach (var container in Containers.All)
        {
            await Container(container).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }

        await Queue(Containers.ScoringChunksQueue).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
    }

    /// <summary>Asks the account for a sign of life.</summary>
    /// <exception cref="RequestFailedException">The account cannot be reached, or a container is missing.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await Container(Containers.Models).GetPropertiesAsync(cancellationToken: cancellationToken);
        await Queue(Containers.ScoringChunksQueue).GetPropertiesAsync(cancellationToken);
    }

    /// <summary>The document at a path; null when there is none.</summary>
    /// <exception cref="InvalidDataException">The blob does not hold the JSON expected there.</exception>
    public async Task<StoredDocument<T>?> ReadAsync<T>(string container, string name, CancellationToken cancellationToken)
    {
        BlobDownloadResult downloaded;
        try
        {
            downloaded = await Blob(container, name).DownloadContentAsync(cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }

        try
        {
            var value = JsonSerializer.Deserialize<T>(downloaded.Content, Json.Options);
            return value is null
                ? throw new InvalidDataException($"{container}/{name} holds 'null'; expected a {typeof(T).Name}.")
                : new StoredDocument<T>(value, downloaded.Details.ETag);
        }
        catch (JsonException malformed)
        {
            throw new InvalidDataException(
                $"{container}/{name} is not a {typeof(T).Name}: {malformed.Message} It is written by the platform alone; restore it from a backup.", malformed);
        }
    }

    /// <summary>Writes a document whatever stands there.</summary>
    public async Task WriteAsync<T>(string container, string name, T value, CancellationToken cancellationToken) =>
        await UploadAsync(container, name, Serialize(value), conditions: null, cancellationToken);

    /// <summary>Writes a document only if its path is free. Returns false, changing nothing, if another document stands there.</summary>
    public Task<bool> TryCreateAsync<T>(string container, string name, T value, CancellationToken cancellationToken) =>
        TryUploadAsync(container, name, value, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken);

    /// <summary>Writes a document only if it is still the one that <paramref name="expected"/> was read from. Returns false, changing nothing, if another stands there.</summary>
    public Task<bool> TryReplaceAsync<T>(string container, string name, T value, ETag expected, CancellationToken cancellationToken) =>
        TryUploadAsync(container, name, value, new BlobRequestConditions { IfMatch = expected }, cancellationToken);

    /// <summary>The names of the blobs under a prefix, in order.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string container, string prefix, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var blob in Container(container).GetBlobsAsync(prefix: prefix, cancellationToken: cancellationToken))
        {
            names.Add(blob.Name);
        }

        return names;
    }

    private async Task<bool> TryUploadAsync<T>(
        string container, string name, T value, BlobRequestConditions conditions, CancellationToken cancellationToken)
    {
        var content = Serialize(value);
        try
        {
            await UploadAsync(container, name, content, conditions, cancellationToken);
            return true;
        }
        catch (RequestFailedException taken) when (taken.Status is 409 or 412)
        {
            // The client repeats a write whose answer was lost, and the repeat is refused for what the first one wrote.
            return await HoldsAsync(container, name, content, cancellationToken);
        }
    }

    private async Task<bool> HoldsAsync(string container, string name, BinaryData content, CancellationToken cancellationToken)
    {
        try
        {
            BlobDownloadResult standing = await Blob(container, name).DownloadContentAsync(cancellationToken);
            return standing.Content.ToMemory().Span.SequenceEqual(content.ToMemory().Span);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return false;
        }
    }

    private static BinaryData Serialize<T>(T value) => BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(value, Json.Options));

    private Task UploadAsync(
        string container,
        string name,
        BinaryData content,
        BlobRequestConditions? conditions,
        CancellationToken cancellationToken) =>
        Blob(container, name).UploadAsync(
            content,
            new BlobUploadOptions
            {
                Conditions = conditions,
                HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
            },
            cancellationToken);
}
