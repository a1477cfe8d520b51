using Azure;
using Azure.Storage.Blobs.Models;
using Serverless.Platform.Datasets;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Scoring;

/// <summary>Refuses files to score; only one that could be looked into, and holds no direct identifiers but those its model's definition allows, is copied.</summary>
public sealed class ScoringQuarantine(PlatformStorage storage, DefinitionStore definitions, Quarantine quarantine, ScratchSpace scratch)
{
    /// <summary>Refuses a whole file. Repeating it is harmless.</summary>
    /// <returns>The report's path, <c>quarantine/…</c>.</returns>
    public async Task<string> RefuseAsync(DroppedFile file, string run, IReadOnlyList<Refusal> refusals, CancellationToken cancellationToken) =>
        await WhyNotCopiedAsync(file, cancellationToken) is { } why
            ? await quarantine.RefuseWithoutCopyAsync(file, run, refusals, rows: null, why, cancellationToken)
            : await quarantine.RefuseFileAsync(file, run, refusals, cancellationToken);

    private async Task<string?> WhyNotCopiedAsync(DroppedFile file, CancellationToken cancellationToken)
    {
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
