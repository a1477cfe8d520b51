using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>The HTTP API by which orchestrations are watched and managed, with the genuine one's paths, payloads and status codes.</summary>
internal static class DurableManagement
{
    private const string Path = "/runtime/webhooks/durabletask/instances";
    private const string Continuation = "x-ms-continuation-token";

    public static HttpManagementPayload PayloadOf(string authority, string instanceId)
    {
        var instance = $"{authority.TrimEnd('/')}{Path}/{Uri.EscapeDataString(instanceId)}";
        return new HttpManagementPayload
        {
            Id = instanceId,
            StatusQueryGetUri = instance,
            SendEventPostUri = instance + "/raiseEvent/{eventName}",
            TerminatePostUri = instance + "/terminate?reason={{text}}",
            PurgeHistoryDeleteUri = instance,
            SuspendPostUri = instance + "/suspend?reason={{text}}",
            ResumePostUri = instance + "/resume?reason={{text}}",
        };
    }

    public static void Map(IEndpointRouteBuilder endpoints, DurableTaskClient client, IEndpointFilter admission)
    {
        var api = endpoints.MapGroup(Path).AddEndpointFilter((context, next) => admission.InvokeAsync(context, next));
        api.MapGet("", (HttpContext http, CancellationToken cancellationToken) => ListAsync(client, http, cancellationToken));
        api.MapDelete("", (HttpContext http, CancellationToken cancellationToken) => PurgeAllAsync(client, http, cancellationToken));
        api.MapGet("{instanceId}", (string instanceId, HttpContext http) => StatusAsync(client, instanceId, http));
        api.MapDelete("{instanceId}", (string instanceId, CancellationToken cancellationToken) => PurgeAsync(client, instanceId, cancellationToken));
        api.MapPost("{instanceId}/raiseEvent/{eventName}", (string instanceId, string eventName, HttpContext http) => RaiseEventAsync(client, instanceId, eventName, http));
        api.MapPost("{instanceId}/terminate", (string instanceId, string? reason, CancellationToken cancellationToken) =>
            WhileUnfinishedAsync(client, instanceId, () => client.TerminateInstanceAsync(instanceId, (object?)reason, cancellationToken), cancellationToken));
        api.MapPost("{instanceId}/suspend", (string instanceId, string? reason, CancellationToken cancellationToken) =>
            WhileUnfinishedAsync(client, instanceId, () => client.SuspendInstanceAsync(instanceId, reason, cancellationToken), cancellationToken));
        api.MapPost("{instanceId}/resume", (string instanceId, string? reason, CancellationToken cancellationToken) =>
            WhileUnfinishedAsync(client, instanceId, () => client.ResumeInstanceAsync(instanceId, reason, cancellationToken), cancellationToken));
    }

    private static async Task<IResult> StatusAsync(DurableTaskClient client, string instanceId, HttpContext http)
    {
        if (await client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, http.RequestAborted) is not { } instance)
            return Results.NotFound();
        var showInput = !IsFalse(http.Request.Query["showInput"]);
        var code = StatusCodes.Status200OK;
        if (!instance.IsCompleted)
        {
            code = StatusCodes.Status202Accepted;
            http.Response.Headers.Location = http.Request.GetEncodedUrl();
            http.Response.Headers.RetryAfter = "5";
        }
        else if (instance.RuntimeStatus == OrchestrationRuntimeStatus.Failed && IsTrue(http.Request.Query["returnInternalServerErrorOnFailure"]))
        {
            code = StatusCodes.Status500InternalServerError;
        }

        return Results.Json(Describe(instance, showInput, IsTrue(http.Request.Query["showHistory"])), statusCode: code);
    }

    private static async Task<IResult> ListAsync(DurableTaskClient client, HttpContext http, CancellationToken cancellationToken)
    {
        var query = http.Request.Query;
        var showInput = IsTrue(query["showInput"]);
        var pageSize = int.TryParse(query["top"], CultureInfo.InvariantCulture, out var top) && top is > 0 and <= 1000 ? top : 100;
        var filter = new OrchestrationQuery(
            CreatedFrom: Date(query["createdTimeFrom"]),
            CreatedTo: Date(query["createdTimeTo"]),
            Statuses: Statuses(query["runtimeStatus"]),
            InstanceIdPrefix: query["instanceIdPrefix"],
            PageSize: pageSize,
            FetchInputsAndOutputs: true,
            ContinuationToken: http.Request.Headers[Continuation].FirstOrDefault());
        await foreach (var page in client.GetAllInstancesAsync(filter).AsPages(filter.ContinuationToken, pageSize).WithCancellation(cancellationToken))
        {
            http.Response.Headers[Continuation] = page.ContinuationToken ?? "";
            return Results.Json(page.Values.Select(instance => Describe(instance, showInput, false)));
        }

        return Results.Json(Array.Empty<object>());
    }

    private static async Task<IResult> PurgeAsync(DurableTaskClient client, string instanceId, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(instanceId, cancellationToken) is null)
            return Results.NotFound();
        var purged = await client.PurgeInstanceAsync(instanceId, cancellationToken);
        return Results.Json(new { instancesDeleted = purged.PurgedInstanceCount });
    }

    private static async Task<IResult> PurgeAllAsync(DurableTaskClient client, HttpContext http, CancellationToken cancellationToken)
    {
        var query = http.Request.Query;
        if (Date(query["createdTimeFrom"]) is not { } from)
            return Results.Problem("Please provide value for 'createdTimeFrom' parameter.", statusCode: StatusCodes.Status400BadRequest);
        var purged = await client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter(from, Date(query["createdTimeTo"]), Statuses(query["runtimeStatus"])), cancellationToken);
        return purged.PurgedInstanceCount == 0 ? Results.NotFound() : Results.Json(new { instancesDeleted = purged.PurgedInstanceCount });
    }

    private static async Task<IResult> RaiseEventAsync(DurableTaskClient client, string instanceId, string eventName, HttpContext http)
    {
        JsonElement? payload = null;
        if (http.Request.ContentLength != 0)
        {
            if (!http.Request.HasJsonContentType())
                return Results.Problem("Only application/json request content is supported.", statusCode: StatusCodes.Status400BadRequest);
            try
            {
                payload = await http.Request.ReadFromJsonAsync<JsonElement>(http.RequestAborted);
            }
            catch (JsonException broken)
            {
                return Results.Problem($"The event's content is not JSON: {broken.Message}", statusCode: StatusCodes.Status400BadRequest);
            }
        }

        return await WhileUnfinishedAsync(
            client, instanceId, () => client.RaiseEventAsync(instanceId, eventName, payload is { } json ? json : null, http.RequestAborted), http.RequestAborted);
    }

    private static async Task<IResult> WhileUnfinishedAsync(DurableTaskClient client, string instanceId, Func<Task> act, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(instanceId, cancellationToken) is not { } instance)
            return Results.NotFound();
        if (instance.IsCompleted)
            return Results.StatusCode(StatusCodes.Status410Gone);
        await act();
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private static JsonObject Describe(OrchestrationMetadata instance, bool showInput, bool showHistory)
    {
        var description = new JsonObject
        {
            ["name"] = instance.Name,
            ["instanceId"] = instance.InstanceId,
            ["runtimeStatus"] = instance.RuntimeStatus.ToString(),
            ["input"] = showInput ? Json(instance.SerializedInput) : null,
            ["customStatus"] = Json(instance.SerializedCustomStatus),
            ["output"] = instance.FailureDetails is { } failure ? $"{failure.ErrorType}: {failure.ErrorMessage}" : Json(instance.SerializedOutput),
            ["createdTime"] = Time(instance.CreatedAt),
            ["lastUpdatedTime"] = Time(instance.LastUpdatedAt),
        };
        // The client of this API's version gives no history; the member is there for callers who asked.
        if (showHistory)
            description["historyEvents"] = new JsonArray();
        return description;
    }

    private static JsonNode? Json(string? serialized) => serialized is null ? null : JsonNode.Parse(serialized);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("s", CultureInfo.InvariantCulture) + "Z";

    private static DateTimeOffset? Date(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    private static List<OrchestrationRuntimeStatus>? Statuses(string? text)
    {
        var statuses = (text ?? "").Split(',').Where(name => Enum.TryParse<OrchestrationRuntimeStatus>(name, true, out _)).Select(name => Enum.Parse<OrchestrationRuntimeStatus>(name, true)).ToList();
        return statuses.Count == 0 ? null : statuses;
    }

    private static bool IsTrue(string? text) => bool.TryParse(text, out var value) && value;

    private static bool IsFalse(string? text) => bool.TryParse(text, out var value) && !value;
}
