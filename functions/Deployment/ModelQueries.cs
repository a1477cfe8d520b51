using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Http;
using Serverless.Platform.Deployment;

namespace Serverless.Functions.Deployment;

/// <summary>What there is in the registry.</summary>
public sealed class ModelQueries(ModelCatalog catalog)
{
    [Function(nameof(ListModels))]
    public async Task<IActionResult> ListModels(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models")] HttpRequest request, CancellationToken cancellationToken) =>
        Responses.Ok(new { Models = await catalog.ListAsync(cancellationToken) });

    [Function(nameof(GetModel))]
    public async Task<IActionResult> GetModel(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models/{model}")] HttpRequest request, string model, CancellationToken cancellationToken) =>
        await catalog.FindAsync(model, cancellationToken) is { } found
            ? Responses.Ok(found)
            : Responses.NotFound($"There is no model '{model}'.", "GET /models lists those there are.");

    [Function(nameof(GetModelVersion))]
    public async Task<IActionResult> GetModelVersion(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models/{model}/versions/{version}")] HttpRequest request,
        string model,
        string version,
        CancellationToken cancellationToken) =>
        int.TryParse(version, out var number) && await catalog.FindVersionAsync(model, number, cancellationToken) is { } found
            ? Responses.Ok(found)
            : Responses.NotFound($"'{model}' has no version '{version}'.", $"GET /models/{model} lists those there are.");

    [Function(nameof(GetModelCard))]
    public async Task<IActionResult> GetModelCard(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models/{model}/versions/{version}/card")] HttpRequest request,
        string model,
        string version,
        CancellationToken cancellationToken) =>
        int.TryParse(version, out var number) && await catalog.FindCardAsync(model, number, cancellationToken) is { } page
            ? new ContentResult { Content = page, ContentType = "text/html; charset=utf-8", StatusCode = StatusCodes.Status200OK }
            : Responses.NotFound($"'{model}' has no card of a version '{version}'.", $"A version has one once it is decided on, or awaits an approval; GET /models/{model} lists the versions.");

    [Function(nameof(GetModelHistory))]
    public async Task<IActionResult> GetModelHistory(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models/{model}/history")] HttpRequest request, string model, CancellationToken cancellationToken) =>
        await catalog.FindHistoryAsync(model, cancellationToken) is { } deployments
            ? Responses.Ok(new { Deployments = deployments })
            : Responses.NotFound($"'{model}' was never deployed.", $"GET /models/{model} says where it stands.");
}
