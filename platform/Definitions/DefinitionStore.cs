using Azure;
using Azure.Storage.Blobs.Models;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Definitions;

/// <summary>A definition as it stands in storage: parsed, or refused.</summary>
/// <param name="File">The blob it was read from.</param>
/// <param name="Result">The definition, or every reason it was refused.</param>
public sealed record StoredDefinition(DroppedFile File, DefinitionResult Result);

/// <summary>The definitions that users dropped: <c>definitions/{model}.yaml</c> or <c>.yml</c>.</summary>
public sealed class DefinitionStore(PlatformStorage storage)
{
    /// <summary>A model's definition; null when there is none.</summary>
    public async Task<StoredDefinition?> ReadAsync(string model, CancellationToken cancellationToken)
    {
        foreach (var name in (string[])[$"{model}.yaml", $"{model}.yml"])
        {
            try
            {
                BlobDownloadStreamingResult content = await storage.Blob(Containers.Definitions, name).DownloadStreamingAsync(cancellationToken: cancellationToken);
                await using var stream = content.Content;

                // One byte more than is taken, so that the parser sees that it is too much.
                var bytes = new byte[DefinitionParser.MaxBytes + 1];
                var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
                var result = DefinitionParser.Parse(bytes.AsSpan(0, length), model);
                return new StoredDefinition(
                    DroppedFile.From(Containers.Definitions, name, content.Details.ETag),
                    result with { Refusals = [.. result.Refusals.Select(IdentifierMask.Apply)] });
            }
            catch (RequestFailedException missing) when (missing.Status == 404)
            {
                continue;
            }
        }

        return null;
    }

    /// <summary>The names of all models that have a definition, in order.</summary>
    public async Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken)
    {
        var models = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var blob in storage.Container(Containers.Definitions).GetBlobsAsync(cancellationToken: cancellationToken))
        {
            if (new DroppedFile(Containers.Definitions, blob.Name, "") is { IsContract: false, Model: { } model } file && !file.HoldsIdentifier())
            {
                models.Add(model);
            }
        }

        return [.. models];
    }
}
