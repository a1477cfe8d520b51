using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Scoring;

/// <summary>Refuses files to score; only one that could be looked into, and holds no direct identifiers but those its model's definition allows, is copied.</summary>
public sealed class ScoringQuarantine(PlatformStorage storage, DefinitionStore definitions, Quarantine quarantine, ScratchSpace scratch)
{
    private readonly BlobIdentifiers identifiers = new(storage, definitions, scratch);

    /// <summary>Refuses a whole file. Repeating it is harmless.</summary>
    /// <returns>The report's path, <c>quarantine/…</c>.</returns>
    public async Task<string> RefuseAsync(DroppedFile file, string run, IReadOnlyList<Refusal> refusals, CancellationToken cancellationToken) =>
        await identifiers.WhyNotCopiedAsync(file, cancellationToken) is { } why
            ? await quarantine.RefuseWithoutCopyAsync(file, run, refusals, rows: null, why, cancellationToken)
            : await quarantine.RefuseFileAsync(file, run, refusals, cancellationToken);
}
