using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Scoring;

/// <summary>What a scoring run keeps while it works: its plan, and a receipt for each chunk, under <c>scoring-work/{run}/</c>.</summary>
public sealed class ScoringWork(PlatformStorage storage)
{
    private const string RowsKey = "rows";
    private const string ScoredKey = "scored";
    private const string RefusedKey = "refused";

    public async Task<ScoringPlan?> ReadPlanAsync(string run, CancellationToken cancellationToken) =>
        (await storage.ReadAsync<ScoringPlan>(Containers.ScoringWork, PlanName(run), cancellationToken))?.Value;

    public Task WritePlanAsync(ScoringPlan plan, CancellationToken cancellationToken) =>
        storage.TryCreateAsync(Containers.ScoringWork, PlanName(plan.Run), plan, cancellationToken);

    /// <summary>Keeps a chunk's receipt. Scoring is deterministic, so a repeat writes the same.</summary>
    public Task WriteReceiptAsync(string run, int chunk, ChunkReceipt receipt, CancellationToken cancellationToken) =>
        storage.Blob(Containers.ScoringWork, ReceiptName(run, chunk)).UploadAsync(
            BinaryData.FromObjectAsJson(receipt, Json.Options),
            new BlobUploadOptions
            {
                // The counts stand in the metadata too, so that one listing sums up a file of any number of chunks.
                Metadata = new Dictionary<string, string>
                {
                    [RowsKey] = receipt.Rows.ToString(CultureInfo.InvariantCulture),
                    [ScoredKey] = receipt.Scored.ToString(CultureInfo.InvariantCulture),
                    [RefusedKey] = receipt.Refused.ToString(CultureInfo.InvariantCulture),
                },
            },
            cancellationToken);

    /// <summary>The sum of a run's receipts, with the first refusals of them, at most <paramref name="mostRefusals"/>.</summary>
    public async Task<(long Rows, long Scored, long Refused, IReadOnlyList<Refusal> Refusals)> SumReceiptsAsync(
        string run, int mostRefusals, CancellationToken cancellationToken)
    {
        var (rows, scored, refused) = (0L, 0L, 0L);
        var refusals = new List<Refusal>();
        await foreach (var blob in storage.Container(Containers.ScoringWork)
            .GetBlobsAsync(BlobTraits.Metadata, prefix: $"{run}/receipts/", cancellationToken: cancellationToken))
        {
            rows += Count(blob, RowsKey);
            scored += Count(blob, ScoredKey);
            var refusedHere = Count(blob, RefusedKey);
            refused += refusedHere;
            if (refusedHere > 0 && refusals.Count < mostRefusals)
            {
                var receipt = await storage.ReadAsync<ChunkReceipt>(Containers.ScoringWork, blob.Name, cancellationToken);
                refusals.AddRange((receipt?.Value.Refusals ?? []).Take(mostRefusals - refusals.Count));
            }
        }

        return (rows, scored, refused, refusals);
    }

    /// <summary>Which chunks of a plan have their block staged.</summary>
    public async Task<bool[]> FindStagedAsync(ScoringPlan plan, CancellationToken cancellationToken)
    {
        var staged = new bool[plan.Chunks.Count];
        try
        {
            BlockList blocks = await OutputBlob(plan).GetBlockListAsync(BlockListTypes.All, cancellationToken: cancellationToken);
            var ids = blocks.UncommittedBlocks.Concat(blocks.CommittedBlocks).Select(b => b.Name).ToHashSet(StringComparer.Ordinal);
            for (var i = 0; i < staged.Length; i++)
            {
                staged[i] = ids.Contains(ScoredRows.BlockId(plan, i));
            }
        }
        catch (RequestFailedException none) when (none.Status == 404)
        {
            // Nothing staged yet.
            return staged;
        }

        return staged;
    }

    /// <summary>The blob that the result is published as.</summary>
    public BlockBlobClient OutputBlob(ScoringPlan plan) => storage.Container(Containers.ScoringOutput).GetBlockBlobClient(plan.OutputName);

    /// <summary>Whether the file still stands as it was planned.</summary>
    public async Task<bool> IsCurrentAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties properties = await storage.Blob(file.Container, file.Name).GetPropertiesAsync(cancellationToken: cancellationToken);
            return DroppedFile.From(file.Container, file.Name, properties.ETag) == file;
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            return false;
        }
    }

    /// <summary>Deletes the plan, the receipts and the copy, if there is one. The plan goes last: while it stands, a killed clean-up is taken up again.</summary>
    public async Task DeleteAsync(string run, CancellationToken cancellationToken)
    {
        foreach (var name in await storage.ListAsync(Containers.ScoringWork, $"{run}/receipts/", cancellationToken))
        {
            await storage.Blob(Containers.ScoringWork, name).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }

        await storage.Blob(Containers.ScoringWork, ScoringCopy.NameOf(run)).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        await storage.Blob(Containers.ScoringWork, PlanName(run)).DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }

    private static long Count(BlobItem blob, string key) => long.Parse(blob.Metadata[key], CultureInfo.InvariantCulture);

    private static string PlanName(string run) => $"{run}/plan.json";

    private static string ReceiptName(string run, int chunk) => string.Create(CultureInfo.InvariantCulture, $"{run}/receipts/{chunk:D8}.json");
}
