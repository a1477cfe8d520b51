using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Embedded.FunctionsWorker.Blobs;

/// <summary>Which version of which blob a function was given already: one empty blob each in <c>azure-webjobs-hosts</c>, so that a restart repeats nothing.</summary>
internal sealed partial class BlobReceipts(BlobContainerClient hosts, string hostId)
{
    private const int LongestBlobName = 1024;

    /// <summary>The names of all receipts of a function.</summary>
    public async Task<IReadOnlySet<string>> ListAsync(string functionId, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await foreach (var receipt in hosts.GetBlobsAsync(prefix: PrefixOf(functionId), cancellationToken: cancellationToken))
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

    public Task DeleteAsync(string receiptName, CancellationToken cancellationToken) =>
        hosts.GetBlobClient(receiptName).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    public string NameOf(string functionId, string container, string blob, string etag)
    {
        var name = $"{PrefixOf(functionId)}{etag}/{container}/{blob}";
        // A blob's name may be as long as a name can be, which leaves no room for what stands before it.
        return name.Length <= LongestBlobName
            ? name
            : $"{PrefixOf(functionId)}{etag}/{container}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(blob)))}";
    }

    /// <summary>The blob and version that a receipt is for; null where it is of another container, or holds no name but the hash of one.</summary>
    public (string Blob, string ETag)? Read(string functionId, string container, string receiptName)
    {
        var parts = receiptName[PrefixOf(functionId).Length..].Split('/', 3);
        return parts is [var etag, var ofContainer, var blob] && ofContainer == container && !Hash().IsMatch(blob) ? (blob, etag) : null;
    }

    private string PrefixOf(string functionId) => $"blobreceipts/{hostId}/{functionId}/";

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Hash();
}
