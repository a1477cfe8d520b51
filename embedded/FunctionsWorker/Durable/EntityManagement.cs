using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>The part of the durable HTTP API by which entities are read and signalled, with the genuine one's paths, payloads and status codes.</summary>
internal static class EntityManagement
{
    private const string Path = "/runtime/webhooks/durabletask/entities";
    private const string Continuation = "x-ms-continuation-token";

    public static void Map(IEndpointRouteBuilder endpoints, BoundDurableTaskClient client, FunctionCatalog functions, IEndpointFilter admission)
    {
        var names = functions.TriggeredBy<EntityTriggerSpec>().Select(entity => entity.Trigger.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var api = endpoints.MapGroup(Path).AddEndpointFilter((context, next) => admission.InvokeAsync(context, next));
        api.MapGet("{name?}", (string? name, HttpContext http) => ListAsync(client.Entities, name, http));
        api.MapGet("{name}/{key}", (string name, string key, HttpContext http) => ReadAsync(client.Entities, name, key, http));
        api.MapPost("{name}/{key?}", (string name, string? key, string? op, HttpContext http) => SignalAsync(client.Entities, names, name, key, op ?? "", http));
        api.MapDelete("{name}/{key?}", (string name, string? key, HttpContext http) => SignalAsync(client.Entities, names, name, key, "delete", http));
    }

    private static async Task<IResult> ReadAsync(DurableEntityClient client, string name, string key, HttpContext http)
    {
        // A path cannot end in an empty key; '$' stands for it.
        if (IdOf(name, key == "$" ? "" : key, out var id) is { } refusal)
            return refusal;
        return await client.GetEntityAsync(id, cancellation: http.RequestAborted) is { IncludesState: true } entity
            ? Results.Text(entity.State.Value, "application/json")
            : Results.NotFound();
    }

    private static async Task<IResult> ListAsync(DurableEntityClient client, string? name, HttpContext http)
    {
        var query = http.Request.Query;
        var filter = new EntityQuery
        {
            InstanceIdStartsWith = string.IsNullOrEmpty(name) ? null : $"@{name}@",
            LastModifiedFrom = Date(query["lastOperationTimeFrom"]),
            LastModifiedTo = Date(query["lastOperationTimeTo"]),
            IncludeState = bool.TryParse(query["fetchState"], out var fetchState) && fetchState,
            PageSize = int.TryParse(query["top"], CultureInfo.InvariantCulture, out var top) && top is > 0 and <= 1000 ? top : EntityQuery.DefaultPageSize,
            ContinuationToken = http.Request.Headers[Continuation].FirstOrDefault(),
        };
        await foreach (var page in client.GetAllEntitiesAsync(filter).AsPages(filter.ContinuationToken).WithCancellation(http.RequestAborted))
        {
            http.Response.Headers[Continuation] = page.ContinuationToken ?? "";
            return Results.Json(page.Values.Select(Describe));
        }

        return Results.Json(Array.Empty<object>());
    }

    private static async Task<IResult> SignalAsync(
        DurableEntityClient client, HashSet<string> names, string name, string? key, string operation, HttpContext http)
    {
        if (IdOf(name, key ?? "", out var id) is { } refusal)
            return refusal;
        if (id.Key.Any(c => c is '/' or '\\' or '#' or '?' || char.IsControl(c)))
            return Refused($"The entity key '{id.Key}' has one of / \\ # ? or a control character. Leave them out.");
        if (!names.Contains(id.Name))
            return Refused($"The function '{name}' does not exist, is disabled, or is not an entity function. The app has: {string.Join(", ", names.Order())}.");
        object? input = null;
        if (http.Request.ContentLength is not 0 && http.Request.ContentType is not null)
        {
            using var body = new StreamReader(http.Request.Body);
            var text = await body.ReadToEndAsync(http.RequestAborted);
            try
            {
                input = text.Length == 0 ? null : http.Request.HasJsonContentType() ? JsonSerializer.Deserialize<JsonElement>(text) : text;
            }
            catch (JsonException wrong)
            {
                return Refused($"The body is announced as JSON but cannot be read: {wrong.Message}");
            }
        }

        await client.SignalEntityAsync(id, operation, input, cancellation: http.RequestAborted);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private static IResult? IdOf(string name, string key, out EntityInstanceId id)
    {
        id = default;
        if (name.Contains('@', StringComparison.Ordinal))
            return Refused($"The entity name '{name}' has an '@', which separates name and key. Leave it out.");
        id = new EntityInstanceId(name, key);
        return null;
    }

    private static JsonObject Describe(EntityMetadata entity) => new()
    {
        ["entityId"] = new JsonObject { ["name"] = entity.Id.Name, ["key"] = entity.Id.Key },
        ["lastOperationTime"] = entity.LastModifiedTime.UtcDateTime.ToString("o", CultureInfo.InvariantCulture),
        ["state"] = entity.IncludesState ? JsonNode.Parse(entity.State.Value) : null,
    };

    private static DateTimeOffset? Date(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    private static IResult Refused(string reason) => Results.Problem(reason, statusCode: StatusCodes.Status400BadRequest);
}
