using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Embedded.FunctionsWorker.Blobs;

/// <summary>Which version of which blob a function was given already: one empty blob each in <c>azure-webjobs-hosts</c>, so that a restart repeats nothing.</summary>
internal sealed class BlobReceipts(BlobContainerClient hosts, string hostId)
{
    private const int LongestBlobName = 1024;

    /// <summary>The receipts of a function's container, by receipt name.</summary>
    public async Task<IReadOnlySet<string>> ListAsync(string functionId, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await foreach (var receipt in hosts.GetBlobsAsync(prefix: $"blobreceipts/{hostId}/{functionId}/", cancellationToken: cancellationToken))
                names.Add(receipt.Name);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await hosts.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }

        return names;
    }

    public async Task WriteAsync(string receiptName, CancellationToken cancellationToken) =>
        await hosts.GetBlobClient(receiptName).UploadAsync(new BinaryData(""), overwrite: true, cancellationToken);

    public string NameOf(string functionId, string container, string blob, string etag)
    {
        var name = $"blobreceipts/{hostId}/{functionId}/{etag}/{container}/{blob}";
        // A blob's name may be as long as a name can be, which leaves no room for what stands before it.
        return name.Length <= LongestBlobName
            ? name
            : $"blobreceipts/{hostId}/{functionId}/{etag}/{container}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(blob)))}";
    }
}
