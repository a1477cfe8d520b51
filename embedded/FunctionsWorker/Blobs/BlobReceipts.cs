using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Embedded.FunctionsWorker.Blobs;

/// <summary>
/// Which version of which blob a function was given already: one empty blob each in <c>azure-webjobs-hosts</c>, so that neither a restart nor another replica repeats it.
/// It is written as incomplete before the function is told, by whoever may tell it, and completed after.
/// </summary>
/// <param name="hosts">The container of the host's own blobs.</param>
/// <param name="hostId">The app's.</param>
/// <param name="replica">The name of this replica.</param>
/// <param name="abandonedAfter">How old an incomplete receipt of another replica is when that is taken to have died over it.</param>
internal sealed partial class BlobReceipts(BlobContainerClient hosts, string hostId, Guid replica, TimeSpan abandonedAfter)
{
    /// <summary>As long as the genuine host leases a receipt.</summary>
    public static readonly TimeSpan AbandonedAfter = TimeSpan.FromSeconds(30);

    private const int LongestBlobName = 1024;

    /// <summary>The mark of the genuine host.</summary>
    private const string IncompleteKey = "Incomplete";
    private const string ReplicaKey = "Replica";

    /// <summary>The names of all receipts of a function, and whether each is complete.</summary>
    public async Task<IReadOnlyDictionary<string, bool>> ListAsync(string functionId, CancellationToken cancellationToken)
    {
        var names = new Dictionary<string, bool>(StringComparer.Ordinal);
        try
        {
            await foreach (var receipt in hosts.GetBlobsAsync(BlobTraits.Metadata, prefix: PrefixOf(functionId), cancellationToken: cancellationToken))
                names[receipt.Name] = IsComplete(receipt.Metadata);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await hosts.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }

        return names;
    }

    /// <summary>Writes the receipt as incomplete, or takes over that of a replica which died over it: one replica alone is told that it is its own.</summary>
    public async Task<ReceiptClaim> ClaimAsync(string receiptName, CancellationToken cancellationToken)
    {
        if (await TryWriteAsync(receiptName, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken) is { } created)
            return new ReceiptClaim(ReceiptHolder.Own, created);
        Response<BlobProperties> found;
        try
        {
            found = await hosts.GetBlobClient(receiptName).GetPropertiesAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            return new ReceiptClaim(ReceiptHolder.Other, default);
        }

        if (IsComplete(found.Value.Metadata))
            return new ReceiptClaim(ReceiptHolder.None, default);
        // Both times are the storage's own.
        var age = (found.GetRawResponse().Headers.Date ?? found.Value.LastModified) - found.Value.LastModified;
        var isOwn = found.Value.Metadata.TryGetValue(ReplicaKey, out var holder) && holder == replica.ToString();
        if (!isOwn && age < abandonedAfter)
            return new ReceiptClaim(ReceiptHolder.Other, default);
        return await TryWriteAsync(receiptName, new BlobRequestConditions { IfMatch = found.Value.ETag }, cancellationToken) is { } taken
            ? new ReceiptClaim(ReceiptHolder.Own, taken)
            : new ReceiptClaim(ReceiptHolder.Other, default);
    }

    /// <summary>Notes that the function was told; false where the receipt was taken over or removed since, and is left as it is.</summary>
    public async Task<bool> TryCompleteAsync(string receiptName, ETag claimed, CancellationToken cancellationToken)
    {
        try
        {
            await hosts.GetBlobClient(receiptName).SetMetadataAsync(new Dictionary<string, string>(), new BlobRequestConditions { IfMatch = claimed }, cancellationToken);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return false;
        }
    }

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

    /// <summary>The version of the receipt written; null when the conditions are not met.</summary>
    private async Task<ETag?> TryWriteAsync(string receiptName, BlobRequestConditions conditions, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions
        {
            Conditions = conditions,
            Metadata = new Dictionary<string, string> { [IncompleteKey] = IncompleteKey, [ReplicaKey] = replica.ToString() },
        };
        try
        {
            return (await hosts.GetBlobClient(receiptName).UploadAsync(new BinaryData(""), options, cancellationToken)).Value.ETag;
        }
        catch (RequestFailedException unmet) when (unmet.Status is 409 or 412)
        {
            return null;
        }
    }

    private static bool IsComplete(IDictionary<string, string>? metadata) => metadata?.ContainsKey(IncompleteKey) is not true;

    private string PrefixOf(string functionId) => $"blobreceipts/{hostId}/{functionId}/";

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Hash();
}

/// <param name="Holder">Who is to tell the function.</param>
/// <param name="ETag">The receipt's version, where it is this replica.</param>
internal sealed record ReceiptClaim(ReceiptHolder Holder, ETag ETag);

/// <summary>Who is to tell a function of a blob's version.</summary>
internal enum ReceiptHolder
{
    /// <summary>Nobody: it was told.</summary>
    None,

    /// <summary>This replica.</summary>
    Own,

    /// <summary>Another replica is about to, or died over it a moment ago.</summary>
    Other,
}
