using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Deployment;

/// <summary>Where a version stands in its life.</summary>
public enum VersionStage
{
    /// <summary>Not decided on yet.</summary>
    Candidate,

    /// <summary>It serves.</summary>
    Champion,

    /// <summary>It served, until another was deployed.</summary>
    Archived,

    /// <summary>The gate or an approver turned it down.</summary>
    Rejected,
}

/// <param name="Model">The model's name.</param>
/// <param name="Champion">The version that serves; null before the first deployment.</param>
/// <param name="Versions">How many versions it has.</param>
public sealed record ModelSummary(string Model, int? Champion, int Versions);

/// <param name="Model">The model's name.</param>
/// <param name="Deployment">What serves; null before the first deployment.</param>
/// <param name="Versions">Its versions, newest first.</param>
public sealed record ModelDetail(string Model, ModelDeployment? Deployment, IReadOnlyList<VersionSummary> Versions);

/// <param name="Version">The version's number.</param>
/// <param name="Stage">Where it stands.</param>
/// <param name="Dataset">The dataset version it learned from.</param>
/// <param name="Run">The training run.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="Metrics">Metric name to value and interval; null before its evaluation.</param>
public sealed record VersionSummary(
    int Version, VersionStage Stage, string Dataset, string Run, DateTimeOffset CreatedAt, IReadOnlyDictionary<string, MetricEstimate>? Metrics);

/// <param name="Model">The model's name.</param>
/// <param name="Version">The version's number.</param>
/// <param name="Stage">Where it stands.</param>
/// <param name="Dataset">The dataset version it learned from.</param>
/// <param name="Metrics">Metric name to value and interval; null before its evaluation.</param>
/// <param name="Evaluation">The whole report: confusion, slices.</param>
/// <param name="Decision">The gate's decision and who decided; null while it is a candidate.</param>
/// <param name="Parity">How its graph compares with its learner.</param>
/// <param name="Signature">What it takes and gives.</param>
/// <param name="Lineage">Where it comes from.</param>
public sealed record VersionDetail(
    string Model,
    int Version,
    VersionStage Stage,
    string Dataset,
    IReadOnlyDictionary<string, MetricEstimate>? Metrics,
    EvaluationReport? Evaluation,
    ModelDecision? Decision,
    ParityReport? Parity,
    ModelSignature? Signature,
    ModelLineage Lineage);

/// <summary>The registry as people look at it.</summary>
public sealed class ModelCatalog(ModelRegistry registry, DefinitionStore definitions)
{
    /// <summary>All models that have a version or a definition, by name.</summary>
    public async Task<IReadOnlyList<ModelSummary>> ListAsync(CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(await registry.ListModelsAsync(cancellationToken), StringComparer.Ordinal);
        names.UnionWith(await definitions.ListModelsAsync(cancellationToken));
        var summaries = new List<ModelSummary>();
        foreach (var model in names)
        {
            var deployment = await registry.ReadDeploymentAsync(model, cancellationToken);
            var versions = await registry.ListVersionsAsync(model, cancellationToken);
            summaries.Add(new ModelSummary(model, deployment?.Value.Champion, versions.Count));
        }

        return summaries;
    }

    /// <summary>A model and its versions; null when there is no such model.</summary>
    public async Task<ModelDetail?> FindAsync(string model, CancellationToken cancellationToken)
    {
        if (!DefinitionParser.IsModelName(model))
        {
            return null;
        }

        var numbers = await registry.ListVersionsAsync(model, cancellationToken);
        if (numbers.Count == 0 && await definitions.ReadAsync(model, cancellationToken) is null)
        {
            return null;
        }

        var deployment = (await registry.ReadDeploymentAsync(model, cancellationToken))?.Value;
        var versions = new List<VersionSummary>();
        foreach (var number in numbers.Reverse())
        {
            if (await registry.ReadLineageAsync(model, number, cancellationToken) is { } lineage)
            {
                var metrics = await registry.ReadVersionFileAsync<EvaluationReport>(model, number, ModelRegistry.MetricsFile, cancellationToken);
                var decision = await registry.ReadVersionFileAsync<ModelDecision>(model, number, ModelRegistry.DecisionFile, cancellationToken);
                versions.Add(new VersionSummary(
                    number, StageOf(number, decision, deployment), lineage.Dataset, lineage.Run, lineage.CreatedAt, metrics?.Metrics));
            }
        }

        return new ModelDetail(model, deployment, versions);
    }

    /// <summary>All that is known of a version; null when there is no such version.</summary>
    public async Task<VersionDetail?> FindVersionAsync(string model, int version, CancellationToken cancellationToken)
    {
        if (!DefinitionParser.IsModelName(model) || await registry.ReadLineageAsync(model, version, cancellationToken) is not { } lineage)
        {
            return null;
        }

        var deployment = (await registry.ReadDeploymentAsync(model, cancellationToken))?.Value;
        var evaluation = await registry.ReadVersionFileAsync<EvaluationReport>(model, version, ModelRegistry.MetricsFile, cancellationToken);
        var decision = await registry.ReadVersionFileAsync<ModelDecision>(model, version, ModelRegistry.DecisionFile, cancellationToken);
        return new VersionDetail(
            model,
            version,
            StageOf(version, decision, deployment),
            lineage.Dataset,
            evaluation?.Metrics,
            evaluation,
            decision,
            await registry.ReadVersionFileAsync<ParityReport>(model, version, ModelRegistry.ParityFile, cancellationToken),
            await registry.ReadVersionFileAsync<ModelSignature>(model, version, ModelRegistry.SignatureFile, cancellationToken),
            lineage);
    }

    /// <summary>The page of a version's card; null when there is no such version, or it is not decided on yet.</summary>
    public async Task<string?> FindCardAsync(string model, int version, CancellationToken cancellationToken) =>
        DefinitionParser.IsModelName(model)
            ? await registry.FindTextAsync(model, version, ModelRegistry.CardPageFile, cancellationToken)
                ?? await registry.FindTextAsync(model, version, ModelRegistry.ApprovalCardPageFile, cancellationToken)
            : null;

    /// <summary>Each deployment a model has had, oldest first; null when there is no such model.</summary>
    public async Task<IReadOnlyList<ModelDeployment>?> FindHistoryAsync(string model, CancellationToken cancellationToken) =>
        DefinitionParser.IsModelName(model) && await registry.ReadHistoryAsync(model, cancellationToken) is { Count: > 0 } history ? history : null;

    private static VersionStage StageOf(int version, ModelDecision? decision, ModelDeployment? deployment) =>
        deployment?.Champion == version ? VersionStage.Champion
        : decision?.Outcome switch
        {
            null => VersionStage.Candidate,
            DecisionOutcome.Rejected => VersionStage.Rejected,
            _ => VersionStage.Archived,
        };
}
