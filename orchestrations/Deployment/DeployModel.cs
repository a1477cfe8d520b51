using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Orchestrations.Runs;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Orchestrations.Deployment;

/// <param name="Model">The model.</param>
/// <param name="Version">The candidate, which passed the gate.</param>
/// <param name="Gate">The gate's decision.</param>
/// <param name="Metrics">The candidate's metrics, for the approver to see.</param>
/// <param name="Policy">Who decides.</param>
/// <param name="Reason">Why the training run was started.</param>
/// <param name="JudgedAgainst">The deployment's revision when the candidate was compared with its champion; null where the gate has no rule for it.</param>
public sealed record DeploymentRequest(
    string Model,
    int Version,
    GateDecision Gate,
    IReadOnlyDictionary<string, MetricEstimate> Metrics,
    DeploymentPolicy Policy,
    string Reason,
    int? JudgedAgainst);

/// <param name="Deployed">Whether the candidate serves now.</param>
/// <param name="By">Who decided.</param>
/// <param name="Reason">Why.</param>
/// <param name="Stale">Whether another version was deployed since the candidate was judged, so that it has to be judged again.</param>
public sealed record DeploymentResult(bool Deployed, string By, string Reason, bool Stale = false);

/// <summary>A person's decision on a candidate: the payload of the <see cref="DeployModel.ApprovalEvent"/>.</summary>
/// <param name="Approved">Approve or reject.</param>
/// <param name="By">Who says so.</param>
/// <param name="Reason">Why.</param>
public sealed record ApprovalDecision(bool Approved, string By, string Reason);

/// <summary>Deploys a candidate that passed the gate: at once, or when an approver says so in time.</summary>
public static class DeployModel
{
    /// <summary>The external event that carries an <see cref="ApprovalDecision"/>.</summary>
    public const string ApprovalEvent = "ApprovalDecision";

    /// <summary>The instance id of the deployment that belongs to a training run; of its first attempt, or a later one.</summary>
    public static string InstanceIdFor(string trainingRun, int attempt) => attempt == 1 ? $"{trainingRun}-deploy" : $"{trainingRun}-deploy-{attempt}";

    [Function(nameof(DeployModel))]
    public static async Task<DeploymentResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var request = context.GetInput<DeploymentRequest>() ?? throw new InvalidOperationException($"{nameof(DeployModel)} needs a {nameof(DeploymentRequest)}.");
        var detail = new RunDetail(request.Version, request.Metrics, request.Gate);
        var decision = request.Policy.Approval == ApprovalMode.Required
            ? await WaitForApprovalAsync(context, request, detail)
            : new ApprovalDecision(Approved: true, "gate", "passed the gate; the definition asks for no approval");

        context.SetCustomStatus(new RunStatus(request.Model, RunStage.Deploying, Detail: detail));
        var stale = false;
        if (decision.Approved)
        {
            var promoted = await context.CallActivityAsync<PromotedVersion>(
                nameof(PromoteVersion),
                new PromoteVersionInput(
                    context.InstanceId, request.Model, request.Version, request.Gate, decision.By, decision.Reason, request.JudgedAgainst),
                Retries.Activity);
            stale = !promoted.Deployed;
        }
        else
        {
            await context.CallActivityAsync(
                nameof(RejectVersion),
                new RejectVersionInput(request.Model, request.Version, request.Gate, decision.By, decision.Reason),
                Retries.Activity);
        }

        context.SetCustomStatus(new RunStatus(request.Model, RunStage.Finished, Detail: detail));
        return stale
            ? new DeploymentResult(false, decision.By, "another version was deployed meanwhile", Stale: true)
            : new DeploymentResult(decision.Approved, decision.By, decision.Reason);
    }

    private static async Task<ApprovalDecision> WaitForApprovalAsync(TaskOrchestrationContext context, DeploymentRequest request, RunDetail detail)
    {
        var deadline = context.CurrentUtcDateTime + request.Policy.Timeout;
        var pending = new PendingApproval(context.InstanceId, request.Policy.Approvers, deadline);
        context.SetCustomStatus(new RunStatus(request.Model, RunStage.AwaitingApproval, Detail: detail with { Approval = pending }));
        while (true)
        {
            try
            {
                var decision = await context.WaitForExternalEvent<ApprovalDecision?>(ApprovalEvent, deadline - context.CurrentUtcDateTime);
                if (decision is { By.Length: > 0 } && (pending.Approvers.Count == 0 || pending.Approvers.Contains(decision.By)))
                {
                    return decision;
                }

                // The event can be raised past the endpoint that checks it; what is nobody's decision decides nothing.
            }
            catch (TaskCanceledException)
            {
                return new ApprovalDecision(Approved: false, "timeout", $"nobody decided within {request.Policy.Timeout}");
            }
        }
    }
}
