using Azure;
using Azure.Storage.Blobs.Models;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Tells whether a refused file may be copied that stands in its container, by what its model's definition allows.</summary>
internal sealed class BlobIdentifiers(PlatformStorage storage, DefinitionStore definitions, ScratchSpace scratch)
{
    /// <summary>Why the file may not be copied; null: it may.</summary>
    public async Task<string?> WhyNotCopiedAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        // A definition that is refused allows nothing.
        var policy = file.Model is { } model && await definitions.ReadAsync(model, cancellationToken) is { Result: { IsAccepted: true } accepted }
            ? accepted.Definition.Data.Identifiers
            : IdentifierPolicy.Default;
        var folder = scratch.CreateFolder();
        try
        {
            var source = new SourceFile(file.Name, Path.Combine(folder.FullName, "source"), "");
            await storage.Blob(file.Container, file.Name).DownloadToAsync(
                source.Path, new BlobDownloadToOptions { Conditions = new BlobRequestConditions { IfMatch = new ETag(file.ETag) } }, cancellationToken);
            return await RawIdentifiers.WhyNotCopiedAsync(source, policy, TableLimits.Default, cancellationToken);
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return $"{Quarantine.NoCopy}another version has taken its place, or it was deleted.";
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
