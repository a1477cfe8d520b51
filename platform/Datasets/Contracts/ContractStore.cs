using Azure;
using Azure.Storage.Blobs.Models;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets.Contracts;

/// <summary>A contract as it stands in storage.</summary>
/// <param name="Contract">The contract; null: there is none yet, or it is refused.</param>
/// <param name="File">The dropped file it was read from; null where it was not dropped.</param>
/// <param name="Refusals">Why the dropped file is refused; else empty.</param>
public sealed record StoredContract(DataContract? Contract, DroppedFile? File, IReadOnlyList<Refusal> Refusals);

/// <summary>
/// The contract of each model. <c>datasets/{model}/contract.json</c> is the one in force: inferred from the first dataset, until somebody drops
/// another as <c>definitions/{model}.contract.yaml</c>. Where it is deleted and none is dropped, the next dataset is the first again.
/// </summary>
public sealed class ContractStore(PlatformStorage storage)
{
    public const string File = "contract.json";

    /// <summary>How somebody changes a contract, in a sentence for reports.</summary>
    public static string HowToChange(string model) =>
        $"(GET /models/{model}/contract shows the contract; dropped with changes as {Containers.Definitions}/{model}.contract.yaml it holds from then on.)";

    /// <summary>The contract in force, with its ETag; null: there is none yet.</summary>
    public Task<StoredDocument<DataContract>?> ReadAsync(string model, CancellationToken cancellationToken) =>
        storage.ReadAsync<DataContract>(Containers.Datasets, Name(model), cancellationToken);

    /// <summary>The contract that a model's files have to keep to now; one that was dropped is put in force.</summary>
    public async Task<StoredContract> TakeAsync(string model, CancellationToken cancellationToken)
    {
        var dropped = await ReadDroppedAsync(model, cancellationToken);
        if (dropped is not { Contract: { } given })
        {
            return dropped ?? new StoredContract((await ReadAsync(model, cancellationToken))?.Value, null, []);
        }

        while (await ReadAsync(model, cancellationToken) is var standing && (standing is null || standing.Value.Hash != given.Hash || standing.Value.Origin != given.Origin))
        {
            if (standing is null
                ? await storage.TryCreateAsync(Containers.Datasets, Name(model), given, cancellationToken)
                : await storage.TryReplaceAsync(Containers.Datasets, Name(model), given, standing.ETag, cancellationToken))
            {
                break;
            }
        }

        return dropped;
    }

    /// <summary>Puts the contract of a first dataset in force, unless there is one by now.</summary>
    public Task InferAsync(DataContract inferred, CancellationToken cancellationToken) =>
        storage.TryCreateAsync(Containers.Datasets, Name(inferred.Model), inferred, cancellationToken);

    private async Task<StoredContract?> ReadDroppedAsync(string model, CancellationToken cancellationToken)
    {
        foreach (var name in (string[])[$"{model}.contract.yaml", $"{model}.contract.yml"])
        {
            try
            {
                BlobDownloadStreamingResult content = await storage.Blob(Containers.Definitions, name).DownloadStreamingAsync(cancellationToken: cancellationToken);
                await using var stream = content.Content;

                // One byte more than is taken, so that the parser sees that it is too much.
                var bytes = new byte[ContractParser.MaxBytes + 1];
                var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
                var (contract, refusals) = ContractParser.Parse(bytes.AsSpan(0, length), model);
                return new StoredContract(contract, DroppedFile.From(Containers.Definitions, name, content.Details.ETag), [.. refusals.Select(IdentifierMask.Apply)]);
            }
            catch (RequestFailedException missing) when (missing.Status == 404)
            {
                continue;
            }
        }

        return null;
    }

    private static string Name(string model) => $"{model}/{File}";
}
