using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>The HTTP API by which orchestrations are started, watched and managed, with the genuine one's paths, bodies and status codes.</summary>
internal static class DurableManagement
{
    public static void Map(IEndpointRouteBuilder endpoints, BoundDurableTaskClient client, IEndpointFilter admission)
    {
        var api = endpoints.MapGroup(ManagementLinks.BasePath)
            .AddEndpointFilter((context, next) => admission.InvokeAsync(context, next))
            .AddEndpointFilter((context, next) => IsOtherHub(context.HttpContext, client.Name) ? new(Results.NotFound()) : next(context));
        var starts = new ManagedStarts(client, endpoints.ServiceProvider.GetRequiredService<FunctionCatalog>(), endpoints.ServiceProvider.GetRequiredService<TimeProvider>());
        api.MapPost("orchestrators/{name}/{instanceId?}", (string name, string? instanceId, HttpContext http) =>
            ManagementError.CatchAsync(() => starts.StartAsync(name, instanceId, http)));

        var instances = api.MapGroup("instances");
        instances.MapGet("", (HttpContext http, CancellationToken _) => ManagementError.CatchAsync(() => ListAsync(client, http)));
        instances.MapDelete("", (HttpContext http, CancellationToken _) => ManagementError.CatchAsync(() => PurgeAllAsync(client, http)));
        instances.MapGet("{instanceId}", (string instanceId, HttpContext http) => ManagementError.CatchAsync(() => StatusAsync(client, instanceId, http)));
        instances.MapDelete("{instanceId}", (string instanceId, HttpContext http) => ManagementError.CatchAsync(() => PurgeAsync(client, instanceId, http)));
        instances.MapPost("{instanceId}/raiseEvent/{eventName}", (string instanceId, string eventName, HttpContext http) =>
            ManagementError.CatchAsync(() => RaiseEventAsync(client, instanceId, eventName, http)));
        instances.MapPost("{instanceId}/restart", (string instanceId, HttpContext http) => ManagementError.CatchAsync(() => starts.RestartAsync(instanceId, http)));
        MapAction("terminate", client.TerminateInstanceAsync, static status => !IsOver(status));
        MapAction("suspend", client.SuspendInstanceAsync, static status => !IsOver(status));
        MapAction("resume", client.ResumeInstanceAsync, static status => !IsOver(status));

        // One that has not failed is refused by the client, with the reason.
        MapAction("rewind", (id, reason, cancellation) => client.RewindInstanceAsync(id, reason ?? string.Empty, cancellation),
            static status => !IsOver(status) || status == OrchestrationRuntimeStatus.Failed);

        // A known path under another method is unknown too.
        api.Map("{**rest}", () => Results.NotFound());

        void MapAction(string name, Func<string, string?, CancellationToken, Task> act, Func<OrchestrationRuntimeStatus, bool> isOpen) =>
            instances.MapPost($"{{instanceId}}/{name}", (string instanceId, string? reason, HttpContext http) =>
                ManagementError.CatchAsync(() => ActAsync(client, instanceId, isOpen, () => act(instanceId, reason, http.RequestAborted), http.RequestAborted)));
    }

    /// <summary>Reads the path as the genuine host does, whose links hold it form-encoded: a plus is a space, an encoded slash a slash. Kestrel would leave both.</summary>
    public static void DecodePath(HttpRequest request, string rawTarget)
    {
        if (request.Path.StartsWithSegments(ManagementLinks.BasePath) && rawTarget.StartsWith('/'))
            request.Path = new PathString(WebUtility.UrlDecode(rawTarget.Split('?')[0]));
    }

    /// <summary>What GET of an instance answers.</summary>
    /// <param name="client">The hub's client.</param>
    /// <param name="instanceId">The instance.</param>
    /// <param name="http">The request, whose query says what to show.</param>
    public static async Task<IResult> StatusAsync(DurableTaskClient client, string instanceId, HttpContext http)
    {
        if (await client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, http.RequestAborted) is not { } instance)
            return Results.NotFound();
        var query = new ManagementQuery(http.Request);
        var showInput = query.Flag("showInput", byDefault: true);
        var body = InstanceDescription.Of(instance, showInput);
        if (query.Flag("showHistory", byDefault: false) && instance.RuntimeStatus != OrchestrationRuntimeStatus.Pending)
        {
            var history = await client.GetOrchestrationHistoryAsync(instanceId, http.RequestAborted);
            body["historyEvents"] = InstanceDescription.Of(history, showInput, query.Flag("showHistoryOutput", byDefault: false));
        }

        if (instance.IsCompleted)
        {
            var failed = instance.RuntimeStatus == OrchestrationRuntimeStatus.Failed && query.Flag("returnInternalServerErrorOnFailure", byDefault: false);
            return Results.Json(body, statusCode: failed ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK);
        }

        http.Response.Headers.Location = http.Request.GetEncodedUrl();
        http.Response.Headers.RetryAfter = "5";
        return Results.Json(body, statusCode: StatusCodes.Status202Accepted);
    }

    private static bool IsOtherHub(HttpContext http, string hub) =>
        http.Request.Query["taskHub"].FirstOrDefault() is { } asked && !string.IsNullOrWhiteSpace(asked) && !asked.Equals(hub, StringComparison.OrdinalIgnoreCase);

    private static async Task<IResult> ListAsync(DurableTaskClient client, HttpContext http)
    {
        const string continuation = "x-ms-continuation-token";
        var query = new ManagementQuery(http.Request);
        var filter = new OrchestrationQuery(
            CreatedFrom: query.Time("createdTimeFrom"),
            CreatedTo: query.Time("createdTimeTo"),
            Statuses: query.Statuses,
            InstanceIdPrefix: query.Text("instanceIdPrefix"),
            PageSize: query.PageSize,
            FetchInputsAndOutputs: true,
            ContinuationToken: http.Request.Headers[continuation].FirstOrDefault() is { Length: > 0 } token ? token : null);
        var showInput = query.Flag("showInput", byDefault: true);
        await foreach (var page in client.GetAllInstancesAsync(filter).AsPages(filter.ContinuationToken, filter.PageSize).WithCancellation(http.RequestAborted))
        {
            http.Response.Headers[continuation] = page.ContinuationToken ?? string.Empty;
            return Results.Json(page.Values.Select(instance => InstanceDescription.Of(instance, showInput)));
        }

        return Results.Json(Array.Empty<object>());
    }

    private static async Task<IResult> PurgeAsync(DurableTaskClient client, string instanceId, HttpContext http)
    {
        if (await client.GetInstanceAsync(instanceId, http.RequestAborted) is null)
            return Results.NotFound();
        var purged = await client.PurgeInstanceAsync(instanceId, http.RequestAborted);
        return Results.Json(new { instancesDeleted = purged.PurgedInstanceCount });
    }

    private static async Task<IResult> PurgeAllAsync(DurableTaskClient client, HttpContext http)
    {
        var query = new ManagementQuery(http.Request);
        if (query.Time("createdTimeFrom") is not { } from)
            return Results.Json("Please provide value for 'createdTimeFrom' parameter.", statusCode: StatusCodes.Status400BadRequest);
        var purged = await client.PurgeAllInstancesAsync(new PurgeInstancesFilter(from, query.Time("createdTimeTo"), query.Statuses), http.RequestAborted);
        return purged.PurgedInstanceCount == 0 ? Results.NotFound() : Results.Json(new { instancesDeleted = purged.PurgedInstanceCount });
    }

    private static Task<IResult> RaiseEventAsync(DurableTaskClient client, string instanceId, string eventName, HttpContext http) =>
        ActAsync(client, instanceId, static status => !IsOver(status), async () =>
        {
            if (!string.Equals(http.Request.ContentType?.Split(';')[0].Trim(), "application/json", StringComparison.OrdinalIgnoreCase))
                return ManagementError.BadRequest("Only application/json request content is supported");
            try
            {
                await client.RaiseEventAsync(instanceId, eventName, await http.Request.ReadFromJsonAsync<JsonElement>(http.RequestAborted), http.RequestAborted);
                return null;
            }
            catch (JsonException wrong)
            {
                return ManagementError.BadRequest("Invalid JSON content", wrong);
            }
        }, http.RequestAborted);

    private static Task<IResult> ActAsync(
        DurableTaskClient client, string instanceId, Func<OrchestrationRuntimeStatus, bool> isOpen, Func<Task> act, CancellationToken cancellationToken) =>
        ActAsync(client, instanceId, isOpen, async () =>
        {
            await act();
            return (IResult?)null;
        }, cancellationToken);

    /// <param name="client">The hub's client.</param>
    /// <param name="instanceId">The instance acted on.</param>
    /// <param name="isOpen">In which statuses it can be.</param>
    /// <param name="act">Acts, and gives the refusal, if it is one.</param>
    /// <param name="cancellationToken">Fires when the caller goes away.</param>
    private static async Task<IResult> ActAsync(
        DurableTaskClient client, string instanceId, Func<OrchestrationRuntimeStatus, bool> isOpen, Func<Task<IResult?>> act, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(instanceId, cancellationToken) is not { } instance)
            return Results.NotFound();
        if (!isOpen(instance.RuntimeStatus))
            return Results.StatusCode(StatusCodes.Status410Gone);
        return await act() ?? Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private static bool IsOver(OrchestrationRuntimeStatus status) => status
        is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}
