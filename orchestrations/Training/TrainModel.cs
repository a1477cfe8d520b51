using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Orchestrations.Deployment;
using Serverless.Orchestrations.Evaluation;
using Serverless.Orchestrations.Runs;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;
using Serverless.Platform.Training;

namespace Serverless.Orchestrations.Training;

/// <param name="Model">The model to train.</param>
/// <param name="Dataset">The dataset version to learn from; null for the latest.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record TrainingRequest(string Model, string? Dataset, string Reason);

/// <summary>What became of a training run.</summary>
/// <param name="Outcome"><c>deployed</c>, <c>rejected</c> by gate or approver, or <c>refused</c>: it could not be trained.</param>
/// <param name="Model">The model.</param>
/// <param name="Version">The version it made; null when refused.</param>
/// <param name="Dataset">The dataset version it learned from.</param>
/// <param name="Metrics">The candidate's metrics on the held-out rows.</param>
/// <param name="Gate">The gate's decision.</param>
/// <param name="Reasons">Why it was refused or rejected; else empty.</param>
/// <param name="Durations">Stage to seconds.</param>
/// <param name="Warnings">What people should look into before they trust the figures, each with what to do; null when it was not evaluated.</param>
/// <param name="Learner">How the trees compare with the baseline, and which of them became the model; null when there was no baseline.</param>
public sealed record TrainingResult(
    string Outcome,
    string Model,
    int? Version,
    string? Dataset,
    IReadOnlyDictionary<string, MetricEstimate>? Metrics,
    GateDecision? Gate,
    IReadOnlyList<string> Reasons,
    IReadOnlyDictionary<string, double> Durations,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Warnings = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LearnerChoice? Learner = null)
{
    public const string Deployed = "deployed";
    public const string Rejected = "rejected";
    public const string Refused = "refused";
}

/// <summary>Trains a model: trials and a baseline side by side, the best of them fitted, evaluated, and deployed if gate and approvers agree.</summary>
public static class TrainModel
{
    [Function(nameof(TrainModel))]
    public static async Task<TrainingResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var request = context.GetInput<TrainingRequest>() ?? throw new InvalidOperationException($"{nameof(TrainModel)} needs a {nameof(TrainingRequest)}.");
        var stages = new StageClock(context, request.Model);

        stages.Enter(RunStage.Preparing);
        var plan = await context.CallActivityAsync<TrainingPlan>(nameof(PrepareTraining), request, Retries.Activity);
        if (plan is not { Definition: { } definition, Dataset: { } dataset })
        {
            return stages.Finish(TrainingResult.Refused, version: null, dataset: null, gate: null, plan.Reasons);
        }

        var baseline = plan.Baseline
            ? context.CallActivityAsync<FittedBaseline>(
                nameof(FitBaseline),
                new FitBaselineInput(request.Model, dataset, definition.Training, context.CurrentUtcDateTime + definition.Training.Timeout),
                Retries.Activity)
            : Task.FromResult(new FittedBaseline(null));
        var search = await new TrialSearchRun(context, stages, request.Model, dataset, definition.Training, plan.Folds).RunAsync();
        var done = (await baseline).Result;
        if (search.Blended.Count == 0 && done is null)
        {
            throw new TimeoutException(LearnerChoice.NothingInTime(search.Report, definition.Training.Timeout));
        }

        var trials = search.Report.With(done, definition.Training.Timeout);
        IReadOnlyList<string>? warnings = search.Blended.Count == 0 && trials.Choice is { } untried ? [untried.Reason] : null;

        stages.Enter(RunStage.Fitting, warnings is null ? null : new RunDetail(Warnings: warnings));
        var fitted = await context.CallActivityAsync<FittedModel>(
            nameof(FitModel),
            new FitModelInput(context.InstanceId, request.Reason, dataset, definition, search.Blended.Count == 0 ? null : search.Blended[0], trials, search.Times, search.Blended),
            Retries.Activity);

        for (var attempt = 1; ; attempt++)
        {
            var (result, stale) = await JudgeAsync(context, stages, new Candidate(request, fitted, dataset, definition, warnings), attempt);
            if (!stale)
            {
                return result with { Learner = fitted.Choice ?? trials.Choice };
            }
        }
    }

    /// <summary>Evaluates a candidate, puts it before the gate and, if it passes, deploys it. Stale: another was deployed meanwhile.</summary>
    private static async Task<(TrainingResult Result, bool Stale)> JudgeAsync(
        TaskOrchestrationContext context, StageClock stages, Candidate candidate, int attempt)
    {
        var (request, fitted, dataset, definition, ofSearch) = candidate;
        stages.Enter(RunStage.Evaluating, new RunDetail(fitted.Version, Warnings: ofSearch));
        var evaluated = await context.CallSubOrchestratorAsync<EvaluationResult>(
            nameof(EvaluateModel),
            new EvaluationRequest(request.Model, fitted.Version, dataset, definition, fitted.Parity),
            new SubOrchestrationOptions(instanceId: EvaluateModel.InstanceIdFor(context.InstanceId, attempt)));

        IReadOnlyList<string>? warnings = ofSearch is null ? evaluated.Warnings : [.. ofSearch, .. evaluated.Warnings ?? []];
        stages.Enter(RunStage.Gate, new RunDetail(fitted.Version, evaluated.Metrics, evaluated.Gate, Warnings: warnings));
        if (!evaluated.Gate.Passed)
        {
            var reasons = evaluated.Gate.Reasons.Where(r => !r.Passed).Select(r => r.Explanation).ToList();
            await context.CallActivityAsync(
                nameof(RejectVersion),
                new RejectVersionInput(request.Model, fitted.Version, evaluated.Gate, "gate", string.Join(" ", reasons)),
                Retries.Activity);
            return (stages.Finish(TrainingResult.Rejected, fitted.Version, dataset, evaluated.Gate, reasons), false);
        }

        stages.Enter(definition.Deployment.Approval == ApprovalMode.Required ? RunStage.AwaitingApproval : RunStage.Deploying);
        var deployed = await context.CallSubOrchestratorAsync<DeploymentResult>(
            nameof(DeployModel),
            new DeploymentRequest(
                request.Model, fitted.Version, evaluated.Gate, evaluated.Metrics, definition.Deployment, request.Reason, evaluated.JudgedAgainst),
            new SubOrchestrationOptions(instanceId: DeployModel.InstanceIdFor(context.InstanceId, attempt)));
        return deployed.Deployed
            ? (stages.Finish(TrainingResult.Deployed, fitted.Version, dataset, evaluated.Gate, []), false)
            : (stages.Finish(TrainingResult.Rejected, fitted.Version, dataset, evaluated.Gate, [deployed.Reason]), deployed.Stale);
    }

    private sealed record Candidate(
        TrainingRequest Request, FittedModel Fitted, string Dataset, ModelDefinition Definition, IReadOnlyList<string>? Warnings);
}
