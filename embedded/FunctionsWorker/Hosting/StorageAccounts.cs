using System.Collections.Concurrent;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>The clients of the storage accounts that functions refer to, one for each connection string.</summary>
internal sealed class StorageAccounts(AppSettings settings)
{
    private readonly ConcurrentDictionary<string, StorageAccount> _accounts = new(StringComparer.Ordinal);

    /// <summary>The account that holds receipts, timer status and the blob trigger's own queues.</summary>
    public StorageAccount Host => Get(null);

    /// <summary>Whether the host has an account at all.</summary>
    public bool HasHost => settings.HasStorage;

    /// <exception cref="FormatException">There is no such connection string, or it cannot be read.</exception>
    public StorageAccount Get(string? connection) => _accounts.GetOrAdd(settings.ConnectionString(connection), text => StorageAccount.Parse(text, connection));
}

/// <summary>One storage account. Queue messages are sent and received as they are: their encoding is the trigger's affair.</summary>
internal sealed record StorageAccount(BlobServiceClient Blobs, QueueServiceClient Queues)
{
    /// <summary>Whether it is an emulator on this machine, which may be asked often: that costs no money and little time.</summary>
    public bool IsLocal => Queues.Uri.IsLoopback;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(2);

    public static StorageAccount Parse(string connectionString, string? name)
    {
        try
        {
            // Listeners try again by themselves: a storage that is away is to be said within seconds, not after the SDK's own long row of tries.
            var blobs = new BlobClientOptions { Retry = { MaxRetries = 3, Delay = RetryDelay, MaxDelay = MaxRetryDelay } };
            var queues = new QueueClientOptions
            {
                MessageEncoding = QueueMessageEncoding.None,
                Retry = { MaxRetries = 3, Delay = RetryDelay, MaxDelay = MaxRetryDelay },
            };
            blobs.AddPolicy(new StorageOperations("blob"), HttpPipelinePosition.PerRetry);
            queues.AddPolicy(new StorageOperations("queue"), HttpPipelinePosition.PerRetry);
            return new StorageAccount(new BlobServiceClient(connectionString, blobs), new QueueServiceClient(connectionString, queues));
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException)
        {
            // The text is not shown: it may hold a key.
            throw new FormatException(
                $"The app setting '{name ?? "AzureWebJobsStorage"}' is not a storage connection string: {unreadable.Message} Correct it.", unreadable);
        }
    }
}
