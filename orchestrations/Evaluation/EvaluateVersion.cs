using Microsoft.Azure.Functions.Worker;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;

namespace Serverless.Orchestrations.Evaluation;

/// <param name="Model">The model.</param>
/// <param name="Version">The version to evaluate: the candidate, or the champion beside it.</param>
/// <param name="Candidate">The candidate, in whose folder the report is kept.</param>
/// <param name="Dataset">The dataset version whose held-out rows are used.</param>
/// <param name="Definition">The definition the run goes by.</param>
public sealed record EvaluateVersionInput(string Model, int Version, int Candidate, string Dataset, ModelDefinition Definition);

/// <param name="Metrics">Metric name to value and interval; null when the version does not fit the dataset.</param>
/// <param name="Misfit">Why it does not fit; null when it does.</param>
public sealed record VersionMetrics(IReadOnlyDictionary<string, MetricEstimate>? Metrics, string? Misfit);

/// <summary>Scores the held-out rows with a version's graph, as serving would, and keeps the report.</summary>
/// <remarks>Idempotency key: the report's path. Evaluation is deterministic, so a repeat makes the same report.</remarks>
public sealed class EvaluateVersion(DatasetStore datasets, ModelRegistry registry)
{
    [Function(nameof(EvaluateVersion))]
    public async Task<VersionMetrics> Run([ActivityTrigger] EvaluateVersionInput input, CancellationToken cancellationToken)
    {
        try
        {
            return await EvaluateAsync(input, cancellationToken);
        }
        catch (InvalidDataException broken) when (input.Version != input.Candidate)
        {
            // A champion whose files are damaged must not keep every later candidate from taking its place.
            return new VersionMetrics(null, broken.Message);
        }
    }

    private async Task<VersionMetrics> EvaluateAsync(EvaluateVersionInput input, CancellationToken cancellationToken)
    {
        var signature = await registry.ReadVersionFileAsync<ModelSignature>(input.Model, input.Version, ModelRegistry.SignatureFile, cancellationToken)
            ?? throw new InvalidDataException($"Version {input.Version} of '{input.Model}' has no {ModelRegistry.SignatureFile}; it was never saved whole. Train again.");
        var onnx = await registry.DownloadAsync(input.Model, input.Version, ModelRegistry.OnnxFile, cancellationToken);
        var heldOut = await datasets.ReadAsync(input.Model, input.Dataset, DataSplit.HeldOut, cancellationToken);
        using var session = new ModelSession(onnx, signature);
        if (session.FindMisfit(heldOut.Features) is { } misfit)
        {
            // A champion of older data may lack a column that is new, or want one that is gone.
            return new VersionMetrics(null, misfit);
        }

        var scores = session.Score(heldOut.Features, cancellationToken);
        var outcome = ModelEvaluator.Evaluate(
            scores, heldOut.Labels, signature.Threshold, input.Definition.Training.Seed, heldOut.Sensitive, cancellationToken);
        var report = outcome.Report
            ?? throw new InvalidDataException($"Dataset {input.Dataset} of '{input.Model}' cannot be evaluated on: {outcome.Refusal?.Reason} {outcome.Refusal?.Remedy}");
        var file = input.Version == input.Candidate ? ModelRegistry.MetricsFile : ModelRegistry.ChampionMetricsFile(input.Version);
        await registry.TryWriteAsync(input.Model, input.Candidate, file, report, cancellationToken);
        return new VersionMetrics(report.Metrics, null);
    }
}
