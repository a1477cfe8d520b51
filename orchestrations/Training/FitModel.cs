using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Serverless.Orchestrations.Datasets;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Deployment;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Orchestrations.Training;

/// <param name="Run">The training run.</param>
/// <param name="Reason">Why it was started.</param>
/// <param name="Dataset">The dataset version.</param>
/// <param name="Definition">The definition the run goes by.</param>
/// <param name="Best">The trial that won; null where none was done in time, and the baseline is to be the model.</param>
/// <param name="Trials">Every trial, and the baseline; null in runs that began before they were kept.</param>
/// <param name="Times">How long each took; null likewise.</param>
/// <param name="Blended">The trials whose mean the model is to be, the winner first; empty where none was done in time, null in runs that began when that was the winner alone.</param>
public sealed record FitModelInput(
    string Run, string Reason, string Dataset, ModelDefinition Definition, TrialResult? Best, TrialsReport? Trials = null, TrialTimes? Times = null,
    IReadOnlyList<TrialResult>? Blended = null);

/// <param name="Version">The version the model was saved as.</param>
/// <param name="Parity">How the exported graph compares with the learner itself.</param>
/// <param name="Choice">Which learner became the model; null without a baseline, and of runs of older releases.</param>
public sealed record FittedModel(
    int Version, ParityReport Parity, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LearnerChoice? Choice = null);

/// <summary>Chooses the learner and fits it on all training rows, exports one ONNX graph, checks it, and saves both as a new version.</summary>
/// <remarks>Idempotency key: the run, which owns one version. Fitting is deterministic, so a repeat makes the same bytes.</remarks>
public sealed class FitModel(DatasetStore datasets, DatasetRows rows, ModelRegistry registry, TimeProvider time)
{
    [Function(nameof(FitModel))]
    public async Task<FittedModel> Run([ActivityTrigger] FitModelInput input, CancellationToken cancellationToken)
    {
        var model = input.Definition.Model;
        var train = await rows.ReadAsync(model, input.Dataset, DataSplit.Train, cancellationToken);
        var heldOut = await rows.ReadAsync(model, input.Dataset, DataSplit.HeldOut, cancellationToken);
        var baseline = input.Trials?.Baseline;
        var chosen = ModelTrainer.Choose(train, input.Definition, input.Blended ?? (input.Best is { } best ? [best] : []), baseline, cancellationToken);
        var trained = chosen.Model;
        var parity = ParityCheck.Run(trained, heldOut.Features, ParityCheck.DefaultTolerance, cancellationToken);
        var lineage = new ModelLineage(
            input.Run, input.Dataset, input.Reason, input.Definition, input.Best is { } won ? won with { Threshold = trained.Signature.Threshold } : null,
            time.GetUtcNow(), SoftwareVersions.Current(), trained.Signature.Learner == LearnerKind.Linear ? baseline : null,
            // The threshold is of the whole that they make.
            trained.Signature.Learner == LearnerKind.Linear ? null : input.Blended?.Select(trial => trial with { Threshold = trained.Signature.Threshold }).ToList())
        {
            Machine = MachineDescription.Current(),
            Learner = trained.Signature.Learner,
            Linear = trained.Signature.Learner == LearnerKind.Mixed && baseline is not null && chosen.LinearShare is { } share ? new LinearPart(share, baseline.Lambda) : null,
            Contract = (await datasets.ReadManifestAsync(model, input.Dataset, cancellationToken))?.Contract,
        };
        var version = await registry.ReserveVersionAsync(model, lineage, cancellationToken);
        await Task.WhenAll(
            registry.SaveAsync(model, version, trained, parity, cancellationToken),
            input.Trials is { } trials ? registry.TryWriteAsync(model, version, ModelRegistry.TrialsFile, trials.With(chosen), cancellationToken) : Task.CompletedTask,
            input.Times is { } times ? registry.TryWriteAsync(model, version, ModelRegistry.TrialTimesFile, times, cancellationToken) : Task.CompletedTask);
        return new FittedModel(version, parity, chosen.Choice);
    }
}
