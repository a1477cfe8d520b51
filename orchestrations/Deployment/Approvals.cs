using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Runs;

namespace Serverless.Orchestrations.Deployment;

/// <param name="Run">The deployment run that the decision is for.</param>
/// <param name="Status">200 when taken; else the HTTP status to answer with.</param>
/// <param name="Title">What is wrong, in short.</param>
/// <param name="Detail">What was found, what was expected, what to do.</param>
public sealed record ApprovalOutcome(string Run, int Status, string Title, string Detail)
{
    public bool Accepted => Status == 200;
}

/// <summary>Brings a person's decision to the deployment that waits for it.</summary>
public static class Approvals
{
    /// <param name="client">The durable client.</param>
    /// <param name="run">A training run's id, or its deployment's.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="cancellationToken">Gives the request up.</param>
    public static async Task<ApprovalOutcome> DecideAsync(
        DurableTaskClient client, string run, ApprovalDecision decision, CancellationToken cancellationToken)
    {
        var instance = await client.GetInstanceAsync(run, getInputsAndOutputs: true, cancellationToken);

        // A training run may have had its candidate judged again; the last attempt is the one that waits.
        for (var attempt = 1;
            await client.GetInstanceAsync(DeployModel.InstanceIdFor(run, attempt), getInputsAndOutputs: true, cancellationToken) is { } deployment;
            attempt++)
        {
            instance = deployment;
        }

        if (instance is null)
        {
            return new ApprovalOutcome(run, 404, "Not found", $"There is no run '{run}'. GET /runs lists the latest.");
        }

        if (instance.Name != nameof(DeployModel)
            || !instance.IsRunning
            || instance.ReadCustomStatusAs<RunStatus>()?.Detail?.Approval is not { } pending)
        {
            return new ApprovalOutcome(
                run, 409, "No approval is waited for", $"Run '{run}' is {instance.RuntimeStatus} and waits for no decision. GET /runs/{run} says where it stands.");
        }

        if (pending.Approvers.Count > 0 && !pending.Approvers.Contains(decision.By))
        {
            return new ApprovalOutcome(
                run, 403, "Not an approver", $"Found by '{decision.By}'; the model's definition names {string.Join(", ", pending.Approvers)}.");
        }

        await client.RaiseEventAsync(instance.InstanceId, DeployModel.ApprovalEvent, decision, cancellationToken);
        return new ApprovalOutcome(instance.InstanceId, 200, "", "");
    }
}
