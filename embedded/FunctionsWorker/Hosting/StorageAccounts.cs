using System.Collections.Concurrent;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>The clients of the storage accounts that functions refer to, one for each connection string.</summary>
internal sealed class StorageAccounts(AppSettings settings)
{
    private readonly ConcurrentDictionary<string, StorageAccount> _accounts = new(StringComparer.Ordinal);

    /// <summary>The account that holds receipts, timer status and the blob trigger's own queues.</summary>
    public StorageAccount Host => Get(null);

    /// <exception cref="FormatException">There is no such connection string, or it cannot be read.</exception>
    public StorageAccount Get(string? connection) => _accounts.GetOrAdd(settings.ConnectionString(connection), text => StorageAccount.Parse(text, connection));
}

/// <summary>One storage account. Queue messages are sent and received as they are: their encoding is the trigger's affair.</summary>
internal sealed record StorageAccount(BlobServiceClient Blobs, QueueServiceClient Queues)
{
    public static StorageAccount Parse(string connectionString, string? name)
    {
        try
        {
            return new StorageAccount(
                new BlobServiceClient(connectionString),
                new QueueServiceClient(connectionString, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None }));
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException)
        {
            // The text is not shown: it may hold a key.
            throw new FormatException(
                $"The app setting '{name ?? "AzureWebJobsStorage"}' is not a storage connection string: {unreadable.Message} Correct it.", unreadable);
        }
    }
}
