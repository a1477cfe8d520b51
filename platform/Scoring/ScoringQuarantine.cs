using Azure;
using Azure.Storage.Blobs.Models;
using Serverless.Platform.Datasets;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Scoring;

/// <summary>Refuses files to score; one that holds direct identifiers that its model's definition does not allow is not copied.</summary>
public sealed class ScoringQuarantine(PlatformStorage storage, DefinitionStore definitions, Quarantine quarantine, ScratchSpace scratch)
{
    /// <summary>Refuses a whole file. Repeating it is harmless.</summary>
    /// <returns>The report's path, <c>quarantine/…</c>.</returns>
    public async Task<string> RefuseAsync(DroppedFile file, string run, IReadOnlyList<Refusal> refusals, CancellationToken cancellationToken) =>
        await HoldsIdentifiersAsync(file, cancellationToken)
            ? await quarantine.RefuseWithoutCopyAsync(file, run, refusals, cancellationToken)
            : await quarantine.RefuseFileAsync(file, run, refusals, cancellationToken);

    private async Task<bool> HoldsIdentifiersAsync(DroppedFile file, CancellationToken cancellationToken)
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
            return await RawIdentifiers.AreInAsync(source, TableFormat.Of(file.Name) ?? TableFormat.Text, policy, TableLimits.Default, cancellationToken);
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            // What stands there now is another file, into which nobody has looked.
            return true;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
