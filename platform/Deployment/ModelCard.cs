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
    /// <summary>Writes the card of a version that was decided on. A card that stands already is left as it is.</summary>
    public async Task WriteAsync(string model, int version, CancellationToken cancellationToken)
    {
        var card = await ReadAsync(model, version, null, cancellationToken);
        await registry.TryWriteTextAsync(model, version, ModelRegistry.CardFile, CardMarkdown.Render(card), cancellationToken);
        await registry.TryWriteTextAsync(model, version, ModelRegistry.CardPageFile, CardPage.Render(card), cancellationToken);
    }

    /// <summary>Writes the card of a version that passed the gate and that an approver has to decide on, over one of an earlier gate.</summary>
    public async Task WriteForApprovalAsync(string model, int version, ModelDecision pending, CancellationToken cancellationToken)
    {
        var card = await ReadAsync(model, version, pending, cancellationToken);
        await registry.WriteTextAsync(model, version, ModelRegistry.ApprovalCardFile, CardMarkdown.Render(card), cancellationToken);
        await registry.WriteTextAsync(model, version, ModelRegistry.ApprovalCardPageFile, CardPage.Render(card), cancellationToken);
    }

    /// <summary>All that the card is of; with the decision that is stored, unless it is still to come.</summary>
    private async Task<CardContent> ReadAsync(string model, int version, ModelDecision? pending, CancellationToken cancellationToken)
    {
        var lineage = await Required<ModelLineage>(ModelRegistry.LineageFile);
        return new CardContent(
            model,
            version,
            lineage,
            await Required<ModelSignature>(ModelRegistry.SignatureFile),
            await Required<EvaluationReport>(ModelRegistry.MetricsFile),
            await Required<ParityReport>(ModelRegistry.ParityFile),
            pending ?? await Required<ModelDecision>(ModelRegistry.DecisionFile),
            await Optional<TrialsReport>(ModelRegistry.TrialsFile),
            await datasets.ReadManifestAsync(model, lineage.Dataset, cancellationToken),
            await Optional<FairnessReport>(ModelRegistry.FairnessFile),
            await Optional<LeakageReport>(ModelRegistry.LeakageFile),
            await Optional<ImportanceReport>(ModelRegistry.ImportanceFile));

        Task<T?> Optional<T>(string file)
            where T : class =>
            registry.ReadVersionFileAsync<T>(model, version, file, cancellationToken);

        async Task<T> Required<T>(string file)
            where T : class =>
            await Optional<T>(file)
            ?? throw new InvalidDataException($"Version {version} of '{model}' has no {file}, which an earlier step wrote; it must have been deleted. Train again.");
    }
}
