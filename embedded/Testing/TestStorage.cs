using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace Serverless.Embedded.Testing;

/// <summary>Which storage account an app under test gets.</summary>
public sealed class TestStorage
{
    private readonly Func<CancellationToken, Task<TestStorageAccount?>> _open;

    private TestStorage(Func<CancellationToken, Task<TestStorageAccount?>> open)
    {
        _open = open;
    }

    /// <summary>
    /// A new, empty account of an Azurite that keeps everything in memory; one such Azurite serves the whole test process. It needs Node and Azurite
    /// (<c>npm install azurite</c>).
    /// </summary>
    public static TestStorage InMemory { get; } = new(async cancellationToken => new TestStorageAccount(await InMemoryAzurite.TakeAccountAsync(cancellationToken).ConfigureAwait(false)));

    /// <summary>None: for an app that has no trigger or binding on storage.</summary>
    public static TestStorage None { get; } = new(_ => Task.FromResult<TestStorageAccount?>(null));

    /// <summary>A given account, of an Azurite that runs already or of Azure.</summary>
    public static TestStorage At(string connectionString) => new(_ => Task.FromResult<TestStorageAccount?>(new TestStorageAccount(connectionString)));

    internal Task<TestStorageAccount?> OpenAsync(CancellationToken cancellationToken) => _open(cancellationToken);
}

/// <summary>The storage account of an app under test.</summary>
public sealed class TestStorageAccount
{
    internal TestStorageAccount(string connectionString)
    {
        ConnectionString = connectionString;
        Blobs = new BlobServiceClient(connectionString);
        Queues = new QueueServiceClient(connectionString, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
    }

    public string ConnectionString { get; }

    public BlobServiceClient Blobs { get; }

    /// <summary>Sends and receives base64, as functions expect unless host.json says otherwise.</summary>
    public QueueServiceClient Queues { get; }

    /// <summary>Puts a blob, making its container when it is missing.</summary>
    /// <param name="path">Container and name: <c>orders/2030/first.json</c>.</param>
    public async Task UploadAsync(string path, BinaryData content, CancellationToken cancellationToken)
    {
        var blob = Blob(path);
        await Blobs.GetBlobContainerClient(blob.BlobContainerName).CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await blob.UploadAsync(content, overwrite: true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a message, making the queue when it is missing.</summary>
    public async Task SendAsync(string queue, string message, CancellationToken cancellationToken)
    {
        var client = Queues.GetQueueClient(queue);
        await client.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await client.SendMessageAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <param name="path">Container and name: <c>orders/2030/first.json</c>.</param>
    public BlobClient Blob(string path)
    {
        var parts = path.Split('/', 2);
        return parts.Length == 2
            ? Blobs.GetBlobContainerClient(parts[0]).GetBlobClient(parts[1])
            : throw new ArgumentException($"'{path}' names no blob; expected a container and a name, as in orders/first.json.", nameof(path));
    }
}
