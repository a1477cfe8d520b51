using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Serverless.Orchestrations.Datasets;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Orchestrations.Training;

/// <summary>What a training run goes by, fixed at its start: later changes of the definition or the data don't touch it.</summary>
/// <param name="Definition">The definition; null when the run is refused.</param>
/// <param name="Dataset">The dataset version; null when the run is refused.</param>
/// <param name="Reasons">Why it is refused; else empty.</param>
/// <param name="Baseline">Whether a baseline is trained beside the trials: always, but for runs that began before there was one.</param>
/// <param name="Folds">How many folds the trials will see, of many rows fewer than the definition says; null of a refused run, and of those of older releases.</param>
public sealed record TrainingPlan(
    ModelDefinition? Definition,
    string? Dataset,
    IReadOnlyList<string> Reasons,
    bool Baseline = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Folds = null);

/// <summary>Reads the definition and finds the dataset.</summary>
/// <remarks>Reads only; its result is in the run's history, so that a run sees one definition and one dataset throughout.</remarks>
public sealed class PrepareTraining(DefinitionStore definitions, DatasetStore datasets, DatasetRows rows)
{
    /// <summary>The bytes that there are for the process; null: the machine's or the container's memory.</summary>
    public long? AvailableMemory { get; init; }

    [Function(nameof(PrepareTraining))]
    public async Task<TrainingPlan> Run([ActivityTrigger] TrainingRequest request, CancellationToken cancellationToken)
    {
        var plan = await FindAsync(request, cancellationToken);
        if (plan is not { Definition: { } definition, Dataset: { } dataset })
        {
            return plan;
        }

        var train = await rows.ReadAsync(request.Model, dataset, DataSplit.Train, cancellationToken);
        var heldOut = await rows.ReadAsync(request.Model, dataset, DataSplit.HeldOut, cancellationToken);
        var shortcoming = TrainingRequirements.Check(train, definition.Target.Column)
            ?? TrainingRequirements.Check(train, definition.Training.Weights)
            ?? TrainingRequirements.CheckFolds(train, definition.Training)
            ?? TrainingRequirements.CheckMemory(train, AvailableMemory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
            ?? ModelEvaluator.Check(train.Task, heldOut.Labels);
        return shortcoming is null ? plan with { Folds = TrainingRequirements.CountFolds(train, definition.Training) } : Refuse($"Dataset {dataset}: {shortcoming.Reason} {shortcoming.Remedy}");
    }

    /// <summary>The definition and the dataset, without a look at the rows: quick enough for a request to wait for.</summary>
    public async Task<TrainingPlan> FindAsync(TrainingRequest request, CancellationToken cancellationToken)
    {
        var stored = await definitions.ReadAsync(request.Model, cancellationToken);
        if (stored is null)
        {
            return Refuse($"There is no definition for '{request.Model}'. Drop one as definitions/{request.Model}.yaml.");
        }

        if (stored.Result.Definition is not { } definition)
        {
            return Refuse([.. stored.Result.Refusals.Select(r => $"{stored.File.Path}, line {r.Line}: {r.Reason} {r.Remedy}")]);
        }

        if (request.Dataset is { } named && !DatasetVersion.IsValid(named))
        {
            return Refuse($"Found dataset '{named}'; expected a dataset version, 16 hexadecimal digits, or none for the latest.");
        }

        var dataset = request.Dataset ?? await datasets.ReadLatestVersionAsync(request.Model, cancellationToken);
        if (dataset is null)
        {
            return Refuse($"There is no dataset for '{request.Model}'. Drop a file into training-data/{request.Model}/.");
        }

        if (await datasets.ReadManifestAsync(request.Model, dataset, cancellationToken) is not { } manifest)
        {
            return Refuse($"'{request.Model}' has no dataset version '{dataset}'. Name one that stands under datasets/{request.Model}/, or none for the latest.");
        }

        return manifest.FindMisfit(definition) is { } misfit
            ? Refuse($"Dataset {dataset} {misfit} The files are read anew when the definition is dropped: wait for that run, or name a dataset that was made since.")
            : new TrainingPlan(definition, dataset, [], Baseline: true);
    }

    private static TrainingPlan Refuse(params IReadOnlyList<string> reasons) => new(null, null, reasons);
}
