using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Http;
using Serverless.Orchestrations.Deployment;
using Serverless.Platform.Datasets.Identifiers;

namespace Serverless.Functions.Deployment;

/// <summary><c>POST /approvals/{run}</c>: somebody approves or rejects a candidate. The run is the training run's id, or its deployment's.</summary>
public sealed class ApprovalGiven
{
    /// <param name="Decision"><c>approve</c> or <c>reject</c>.</param>
    /// <param name="By">Who decides: kept as given, and compared with the definition's approvers.</param>
    /// <param name="Reason">Why; direct identifiers in it are masked before anything is kept.</param>
    public sealed record Body(string? Decision, string? By, string? Reason);

    [Function(nameof(ApprovalGiven))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "approvals/{run}")] HttpRequest request,
        string run,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync<Body>(request, cancellationToken);
        if (body.Problem is { } problem)
        {
            return problem;
        }

        if (body.Value is not { Decision: "approve" or "reject", By.Length: > 0, Reason.Length: > 0 } given)
        {
            return Responses.Problem(
                400, "The decision is incomplete", "Expected {\"decision\": \"approve\" or \"reject\", \"by\": \"a name\", \"reason\": \"why\"}.");
        }

        var outcome = await Approvals.DecideAsync(
            client, run, new ApprovalDecision(given.Decision == "approve", given.By, IdentifierMask.ApplyToReason(given.Reason)), cancellationToken);
        return outcome.Accepted
            ? Responses.Accepted(request, client, outcome.Run)
            : Responses.Problem(outcome.Status, outcome.Title, outcome.Detail);
    }
}
