using Serverless.Platform.Datasets;
using Serverless.Platform.Deployment.Cards;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;

namespace Serverless.Platform.Deployment;

/// <summary>
/// Writes a version's card, as Markdown and as a page of its own: what the version is, what it learned from, how good it is and for whom, what it leans
/// on, who decided on it, and what it does not say.
/// </summary>
public sealed class ModelCard(ModelRegistry registry, DatasetStore datasets)
{
    /// <summary>Writes the card of a version whose other documents are all there. A card that stands already is left as it is.</summary>
    public async Task WriteAsync(string model, int version, CancellationToken cancellationToken)
    {
        var lineage = await Required<ModelLineage>(ModelRegistry.LineageFile);
        var card = new CardContent(
            model,
            version,
            lineage,
            await Required<ModelSignature>(ModelRegistry.SignatureFile),
            await Required<EvaluationReport>(ModelRegistry.MetricsFile),
            await Required<ParityReport>(ModelRegistry.ParityFile),
            await Required<ModelDecision>(ModelRegistry.DecisionFile),
            await Optional<TrialsReport>(ModelRegistry.TrialsFile),
            await datasets.ReadManifestAsync(model, lineage.Dataset, cancellationToken),
            await Optional<FairnessReport>(ModelRegistry.FairnessFile),
            await Optional<LeakageReport>(ModelRegistry.LeakageFile),
            await Optional<ImportanceReport>(ModelRegistry.ImportanceFile));
        await registry.TryWriteTextAsync(model, version, ModelRegistry.CardFile, CardMarkdown.Render(card), cancellationToken);
        await registry.TryWriteTextAsync(model, version, ModelRegistry.CardPageFile, CardPage.Render(card), cancellationToken);

        Task<T?> Optional<T>(string file)
            where T : class =>
            registry.ReadVersionFileAsync<T>(model, version, file, cancellationToken);

        async Task<T> Required<T>(string file)
            where T : class =>
            await Optional<T>(file)
            ?? throw new InvalidDataException($"Version {version} of '{model}' has no {file}, which an earlier step wrote; it must have been deleted. Train again.");
    }
}
