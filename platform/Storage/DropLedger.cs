using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Serverless.Platform.Datasets.Identifiers;

namespace Serverless.Platform.Storage;

/// <summary>
/// Which version of each dropped file a run was started for: one blob <c>ledger/{container}/{name}</c> per file, its ETag in the metadata, so
/// that a container of files is compared with one listing of each. A trigger may miss a file; what the ledger lacks, the sweep starts.
/// </summary>
public sealed class DropLedger(PlatformStorage storage)
{
    private const string ETagKey = "etag";
    private const string RunKey = "run";
    private const int LongestName = 900;

    /// <summary>Whether a run was started for this version of the file.</summary>
    public async Task<bool> ContainsAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties entry = await storage.Blob(Containers.Ledger, EntryName(file)).GetPropertiesAsync(cancellationToken: cancellationToken);
            return entry.Metadata.TryGetValue(ETagKey, out var etag) && etag == file.ETag;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return false;
        }
    }

    /// <summary>Notes that a run was started for this version of the file.</summary>
    public async Task RecordAsync(DroppedFile file, string run, CancellationToken cancellationToken) =>
        await storage.Blob(Containers.Ledger, EntryName(file)).UploadAsync(
            BinaryData.FromBytes(ReadOnlyMemory<byte>.Empty),
            new BlobUploadOptions { Metadata = new Dictionary<string, string> { [ETagKey] = file.ETag, [RunKey] = run } },
            cancellationToken);

    /// <summary>
    /// A blob's name has at most 1,024 characters; the entry of a file whose own comes near is named by a hash. That of a file whose name holds a direct
    /// identifier is named by a hash without it, since it could be found from a hash by trying all.
    /// </summary>
    private static string EntryName(DroppedFile file) => file.HoldsIdentifier() ? $"masked-names/{Hash(file.Masked().Path)}"
        : file.Path.Length <= LongestName ? file.Path
        : $"long-names/{Hash(file.Path)}";

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)));

    /// <summary>The files of an input container, in the version that stands there now, that no run was started for.</summary>
    public async IAsyncEnumerable<DroppedFile> UnrecordedAsync(
        string container, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Both listings come in the order of their names, so one pass compares them without holding either.
        var recorded = storage.Container(Containers.Ledger)
            .GetBlobsAsync(BlobTraits.Metadata, prefix: $"{container}/", cancellationToken: cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        await using (recorded)
        {
            var more = await recorded.MoveNextAsync();
            await foreach (var blob in storage.Container(container).GetBlobsAsync(cancellationToken: cancellationToken))
            {
                var file = DroppedFile.From(container, blob.Name, blob.Properties.ETag.GetValueOrDefault());
                while (more && string.CompareOrdinal(recorded.Current.Name, file.Path) < 0)
                {
                    more = await recorded.MoveNextAsync();
                }

                var isRecorded = more
                    && recorded.Current.Name == file.Path
                    && recorded.Current.Metadata.TryGetValue(ETagKey, out var etag)
                    && etag == file.ETag;
                if (!isRecorded)
                {
                    yield return file;
                }
            }
        }
    }
}
