using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Http;
using Serverless.Platform.Datasets;
using Serverless.Platform.Datasets.Contracts;
using Serverless.Platform.Definitions;

namespace Serverless.Functions.Datasets;

/// <summary>What models learn from: dataset versions with their profiles, and the contract that files have to keep to.</summary>
public sealed class DatasetQueries(DatasetStore datasets, ContractStore contracts)
{
    [Function(nameof(ListDatasets))]
    public async Task<IActionResult> ListDatasets(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models/{model}/datasets")] HttpRequest request, string model, CancellationToken cancellationToken) =>
        DefinitionParser.IsModelName(model) && await datasets.ListVersionsAsync(model, cancellationToken) is { Count: > 0 } versions
            ? Responses.Ok(new { Latest = await datasets.ReadLatestVersionAsync(model, cancellationToken), Versions = versions })
            : Responses.NotFound($"'{model}' has no dataset.", "Drop files to learn from into its folder of training data.");

    /// <summary>A version's documents in one: <c>manifest</c>, <c>profile</c>, and where there was a version before it, <c>comparison</c>.</summary>
    [Function(nameof(GetDataset))]
    public async Task<IActionResult> GetDataset(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models/{model}/datasets/{version}")] HttpRequest request,
        string model,
        string version,
        CancellationToken cancellationToken)
    {
        if (await FindAsync(model, version, DatasetBuilder.ManifestFile, cancellationToken) is not { } manifest)
        {
            return Missing(model, version);
        }

        var profile = await FindAsync(model, version, DatasetBuilder.ProfileFile, cancellationToken);
        var comparison = await FindAsync(model, version, DatasetBuilder.ComparisonFile, cancellationToken);
        return Responses.Ok(new { Manifest = Document(manifest), Profile = Document(profile), Comparison = Document(comparison) });
    }

    [Function(nameof(GetDatasetProfile))]
    public async Task<IActionResult> GetDatasetProfile(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models/{model}/datasets/{version}/profile")] HttpRequest request,
        string model,
        string version,
        CancellationToken cancellationToken) =>
        await FindAsync(model, version, DatasetBuilder.PageFile, cancellationToken) is { } page
            ? new ContentResult { Content = page, ContentType = "text/html; charset=utf-8", StatusCode = StatusCodes.Status200OK }
            : Missing(model, version);

    /// <summary>The contract in force; its ETag is the header's.</summary>
    [Function(nameof(GetContract))]
    public async Task<IActionResult> GetContract(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models/{model}/contract")] HttpRequest request, string model, CancellationToken cancellationToken)
    {
        if (!DefinitionParser.IsModelName(model) || await contracts.ReadAsync(model, cancellationToken) is not { } contract)
        {
            return Responses.NotFound($"'{model}' has no contract.", "One is inferred from its first dataset.");
        }

        request.HttpContext.Response.Headers.ETag = contract.ETag.ToString("H");
        return Responses.Ok(contract.Value);
    }

    private async Task<string?> FindAsync(string model, string version, string file, CancellationToken cancellationToken) =>
        DefinitionParser.IsModelName(model) && DatasetVersion.IsValid(version) ? await datasets.ReadTextAsync(model, version, file, cancellationToken) : null;

    private static JsonElement? Document(string? json) => json is null ? null : JsonSerializer.Deserialize<JsonElement>(json);

    private static IActionResult Missing(string model, string version) =>
        Responses.NotFound($"'{model}' has no dataset '{version}'.", $"GET /models/{model}/datasets lists those there are.");
}
