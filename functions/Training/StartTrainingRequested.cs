using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Http;
using Serverless.Orchestrations.Training;
using Serverless.Platform.Datasets.Identifiers;

namespace Serverless.Functions.Training;

/// <summary><c>POST /models/{model}/train</c>: somebody asks for training now.</summary>
public sealed class StartTrainingRequested(TrainingIntake intake)
{
    /// <param name="Reason">Why, for the record; direct identifiers in it are masked before anything is kept.</param>
    /// <param name="Dataset">The dataset version; null for the latest.</param>
    public sealed record Body(string? Reason, string? Dataset);

    [Function(nameof(StartTrainingRequested))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "models/{model}/train")] HttpRequest request,
        string model,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync<Body>(request, cancellationToken);
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var reason = IdentifierMask.ApplyToReason(body.Value?.Reason ?? "asked for over HTTP");
        var started = await intake.StartAsync(client, model, body.Value?.Dataset, reason, cancellationToken);
        return started.Run is { } run ? Responses.Accepted(request, client, run) : Responses.Refused(started);
    }
}
