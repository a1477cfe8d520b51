using Microsoft.Azure.Functions.Worker;
using Serverless.Orchestrations.Datasets;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;

namespace Serverless.Orchestrations.Evaluation;

/// <param name="Model">The model.</param>
/// <param name="Version">The version to evaluate: the candidate, or the champion beside it.</param>
/// <param name="Candidate">The candidate, in whose folder the report is kept.</param>
/// <param name="Dataset">The dataset version whose held-out rows are used.</param>
/// <param name="Definition">The definition the run goes by.</param>
public sealed record EvaluateVersionInput(string Model, int Version, int Candidate, string Dataset, ModelDefinition Definition);

/// <param name="Metrics">Metric name to value and interval; null when the version does not fit the dataset.</param>
/// <param name="Misfit">Why it does not fit; null when it does.</param>
/// <param name="Warnings">For the candidate: what people should look into before they trust the metrics.</param>
public sealed record VersionMetrics(IReadOnlyDictionary<string, MetricEstimate>? Metrics, string? Misfit, IReadOnlyList<string>? Warnings = null);

/// <summary>Scores the held-out rows with a version's graph, as serving would, and keeps what is found, each concern in a file of its own.</summary>
/// <remarks>Idempotency key: the files' paths. Evaluation is deterministic, so a repeat makes the same files.</remarks>
public sealed class EvaluateVersion(DatasetStore datasets, DatasetRows rows, ModelRegistry registry)
{
    [Function(nameof(EvaluateVersion))]
    public async Task<VersionMetrics> Run([ActivityTrigger] EvaluateVersionInput input, CancellationToken cancellationToken)
    {
        var heldOut = await rows.ReadAsync(input.Model, input.Dataset, DataSplit.HeldOut, cancellationToken);
        try
        {
            return input.Version == input.Candidate
                ? await EvaluateCandidateAsync(input, heldOut, cancellationToken)
                : await EvaluateChampionAsync(input, heldOut, cancellationToken);
        }
        catch (InvalidDataException broken) when (input.Version != input.Candidate)
        {
            // A champion whose files are damaged must not keep every later candidate from taking its place.
            return new VersionMetrics(null, broken.Message);
        }
    }

    private async Task<VersionMetrics> EvaluateCandidateAsync(EvaluateVersionInput input, LabeledTable heldOut, CancellationToken cancellationToken)
    {
        var signature = await ReadSignatureAsync(input.Model, input.Candidate, cancellationToken);
        var onnx = registry.DownloadAsync(input.Model, input.Candidate, ModelRegistry.OnnxFile, cancellationToken);
        var learner = registry.DownloadLearnerAsync(input.Model, input.Candidate, signature, cancellationToken);
        var trials = registry.ReadVersionFileAsync<TrialsReport>(input.Model, input.Candidate, ModelRegistry.TrialsFile, cancellationToken);
        var train = rows.ReadAsync(input.Model, input.Dataset, DataSplit.Train, cancellationToken);
        await Task.WhenAll(onnx, learner, trials, train);
        using var session = new ModelSession(await onnx, signature);
        if (session.FindMisfit(heldOut.Features) is { } misfit)
        {
            return new VersionMetrics(null, misfit);
        }

        var scored = Scored(input, session, heldOut, cancellationToken);
        var report = Measure(input, scored, cancellationToken) with { Stability = await trials is { } tried ? FoldStability.Of(tried) : null };
        var leakage = LeakageCheck.Run(await train, heldOut, input.Definition.Target.Column, cancellationToken);
        var (metric, seed) = (input.Definition.Training.Metric, input.Definition.Training.Seed);
        var importance = ModelImportance.Of(session, await learner, heldOut, metric, seed, cancellationToken);
        var fairness = heldOut.Sensitive.Count > 0 ? FairnessEvaluation.Of(scored, session.Signature.Target.Positive, cancellationToken) : null;
        await Task.WhenAll(
            WriteAsync(ModelRegistry.MetricsFile, report),
            fairness is null ? Task.CompletedTask : WriteAsync(ModelRegistry.FairnessFile, fairness),
            WriteAsync(ModelRegistry.LeakageFile, leakage),
            WriteAsync(ModelRegistry.ImportanceFile, importance));
        IReadOnlyList<string> remarks = await trials is { } search ? SearchRemarks.Of(search, input.Definition.Training.Timeout, (await train).RowCount) : [];
        return new VersionMetrics(report.Metrics, null, [.. remarks, .. leakage.Warnings()]);

        Task WriteAsync<T>(string file, T document) => registry.TryWriteAsync(input.Model, input.Candidate, file, document, cancellationToken);
    }

    private async Task<VersionMetrics> EvaluateChampionAsync(EvaluateVersionInput input, LabeledTable heldOut, CancellationToken cancellationToken)
    {
        using var session = await OpenAsync(input.Model, input.Version, cancellationToken);
        using var candidate = await OpenAsync(input.Model, input.Candidate, cancellationToken);
        // A champion of older data may predict something else, or want a column that is gone.
        if ((PairedComparison.FindMisfit(session.Signature, candidate.Signature) ?? session.FindMisfit(heldOut.Features)) is { } misfit)
        {
            return new VersionMetrics(null, misfit);
        }

        var compared = await FindComparableAsync(input, heldOut, cancellationToken);
        if (compared.Shortage is { } shortage)
        {
            return new VersionMetrics(null, shortage);
        }

        var champion = Scored(input, session, compared.Rows, cancellationToken);
        if (champion.Scores.Any(s => !float.IsFinite(s)))
        {
            return new VersionMetrics(null, "Some of its scores are no numbers.");
        }

        var report = Measure(input, champion, cancellationToken);
        await registry.TryWriteAsync(input.Model, input.Candidate, ModelRegistry.ChampionMetricsFile(input.Version), report, cancellationToken);
        var comparison = PairedComparison.Of(
            Scored(input, candidate, compared.Rows, cancellationToken), champion.Scores, input.Version, compared.LeftOut, cancellationToken);
        await registry.TryWriteAsync(input.Model, input.Candidate, ModelRegistry.ComparisonFile(input.Version), comparison, cancellationToken);
        return new VersionMetrics(report.Metrics, null);
    }

    /// <summary>Another dataset version may be cut otherwise: what is held out there may be what the champion learned from.</summary>
    private async Task<ComparableRows> FindComparableAsync(EvaluateVersionInput input, LabeledTable heldOut, CancellationToken cancellationToken)
    {
        var lineage = await registry.ReadLineageAsync(input.Model, input.Version, cancellationToken)
            ?? throw new InvalidDataException($"It has no {ModelRegistry.LineageFile}, so that nobody can say which held-out rows are among its training rows.");
        if (lineage.Dataset == input.Dataset)
        {
            return new ComparableRows(heldOut, null, null);
        }

        var (learned, columns) = await LearnedRows.FindAsync(datasets, input.Model, lineage.Dataset, heldOut, cancellationToken);
        return ComparableRows.Of(heldOut, learned, lineage.Dataset, columns);
    }

    private static EvaluationInput Scored(EvaluateVersionInput input, ModelSession session, LabeledTable heldOut, CancellationToken cancellationToken)
    {
        var (signature, training) = (session.Signature, input.Definition.Training);
        return new EvaluationInput(
            signature.Task, signature.Classes ?? [], session.Score(heldOut.Features, cancellationToken), heldOut.Labels,
            signature.Threshold, training.Seed, heldOut.Sensitive, training.Cost);
    }

    private static EvaluationReport Measure(EvaluateVersionInput input, EvaluationInput scored, CancellationToken cancellationToken)
    {
        var outcome = ModelEvaluator.Evaluate(scored, cancellationToken);
        return outcome.Report
            ?? throw new InvalidDataException($"Dataset {input.Dataset} of '{input.Model}' cannot be evaluated on: {outcome.Refusal?.Reason} {outcome.Refusal?.Remedy}");
    }

    private async Task<ModelSession> OpenAsync(string model, int version, CancellationToken cancellationToken)
    {
        var signature = await ReadSignatureAsync(model, version, cancellationToken);
        return new ModelSession(await registry.DownloadAsync(model, version, ModelRegistry.OnnxFile, cancellationToken), signature);
    }

    private async Task<ModelSignature> ReadSignatureAsync(string model, int version, CancellationToken cancellationToken) =>
        await registry.ReadVersionFileAsync<ModelSignature>(model, version, ModelRegistry.SignatureFile, cancellationToken)
        ?? throw new InvalidDataException($"Version {version} of '{model}' has no {ModelRegistry.SignatureFile}; it was never saved whole. Train again.");
}
