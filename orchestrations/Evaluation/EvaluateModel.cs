using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Orchestrations.Runs;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Orchestrations.Evaluation;

/// <param name="Model">The model.</param>
/// <param name="Version">The candidate.</param>
/// <param name="Dataset">The dataset version whose held-out rows are used.</param>
/// <param name="Definition">The definition the run goes by.</param>
/// <param name="Parity">How the candidate's graph compares with its learner.</param>
public sealed record EvaluationRequest(string Model, int Version, string Dataset, ModelDefinition Definition, ParityReport Parity);

/// <param name="Metrics">The candidate's metrics on the held-out rows.</param>
/// <param name="Champion">The version it was compared with; null when there was none.</param>
/// <param name="JudgedAgainst">The deployment's revision at the comparison, 0 for none; null when the gate has no rule for the champion.</param>
/// <param name="Gate">The gate's decision.</param>
/// <param name="Warnings">What people should look into before they trust the figures, each with what to do; null in runs of older releases.</param>
public sealed record EvaluationResult(
    IReadOnlyDictionary<string, MetricEstimate> Metrics,
    int? Champion,
    int? JudgedAgainst,
    GateDecision Gate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Warnings = null);

/// <summary>Evaluates a candidate, and the champion beside it on the same held-out rows, and puts both before the promotion gate.</summary>
public static class EvaluateModel
{
    /// <summary>The instance id of the evaluation that belongs to a training run; of its first attempt, or a later one.</summary>
    public static string InstanceIdFor(string trainingRun, int attempt) => attempt == 1 ? $"{trainingRun}-evaluate" : $"{trainingRun}-evaluate-{attempt}";

    [Function(nameof(EvaluateModel))]
    public static async Task<EvaluationResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var request = context.GetInput<EvaluationRequest>() ?? throw new InvalidOperationException($"{nameof(EvaluateModel)} needs an {nameof(EvaluationRequest)}.");
        context.SetCustomStatus(new RunStatus(request.Model, RunStage.Evaluating, Detail: new RunDetail(request.Version)));
        var found = await context.CallActivityAsync<FoundChampion>(
            nameof(FindChampion), new FindChampionInput(request.Model, request.Definition.Gates.Champion is not null), Retries.Activity);

        var candidate = context.CallActivityAsync<VersionMetrics>(
            nameof(EvaluateVersion),
            new EvaluateVersionInput(request.Model, request.Version, request.Version, request.Dataset, request.Definition),
            Retries.Activity);
        VersionMetrics? beside = null;
        var compared = found.Version ?? found.Ungated;
        if (compared is { } champion)
        {
            try
            {
                beside = await context.CallActivityAsync<VersionMetrics>(
                    nameof(EvaluateVersion),
                    new EvaluateVersionInput(request.Model, champion, request.Version, request.Dataset, request.Definition),
                    Retries.Activity);
            }
            catch (TaskFailedException failed) when (found.Ungated is not null)
            {
                // What no rule asks for must not cost the run.
                beside = new VersionMetrics(null, failed.FailureDetails.ErrorMessage);
            }
        }

        var evaluated = await candidate;
        var metrics = evaluated.Metrics
            ?? throw new InvalidOperationException($"Version {request.Version} does not fit the dataset it was fitted on: {evaluated.Misfit}");
        var gate = await context.CallActivityAsync<GateDecision>(
            nameof(DecidePromotion),
            new DecidePromotionInput(
                request.Model, request.Version, beside?.Metrics is null ? null : compared, beside?.Misfit, request.Definition.Gates, request.Parity,
                Unmeasured: beside?.Misfit is null ? null : compared),
            Retries.Activity);
        context.SetCustomStatus(new RunStatus(request.Model, RunStage.Finished, Detail: new RunDetail(request.Version, metrics, gate, Warnings: evaluated.Warnings)));
        return new EvaluationResult(metrics, compared, found.Revision, gate, evaluated.Warnings);
    }
}
