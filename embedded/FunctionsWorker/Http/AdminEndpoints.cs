using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>The host's own addresses, with the genuine host's paths and bodies: its state, its functions, and their running by hand.</summary>
internal static class AdminEndpoints
{
    private static readonly JsonSerializerOptions WithoutNulls = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static void Map(IEndpointRouteBuilder endpoints, HostSettings settings, FunctionCatalog functions, HttpAdmission admission)
    {
        var description = new FunctionDescriptions(functions, settings, endpoints.ServiceProvider.GetRequiredService<HostAddress>());
        var runs = endpoints.ServiceProvider.GetRequiredService<ManualRuns>();
        var state = endpoints.ServiceProvider.GetRequiredService<HostState>();
        var configuration = endpoints.ServiceProvider.GetRequiredService<IConfiguration>();
        // Open to all, as on the genuine host, for probes carry no key.
        endpoints.MapMethods("/admin/host/ping", ["GET", "POST"], (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return Results.Ok();
        });
        var api = endpoints.MapGroup("/admin").AddEndpointFilter(admission.Filter(AuthorizationLevel.Admin));
        api.MapGet("host/status", () => Results.Json(StatusOf(settings, state, configuration), WithoutNulls));
        api.MapGet("functions", () => Results.Json(description.All()));
        api.MapGet("functions/{name}", (string name) => description.Find(name) is { } found ? Results.Json(found) : Results.NotFound());
        api.MapGet("functions/{name}/status", (string name) => description.Find(name) is null ? Results.NotFound() : Results.Json(new { }));
        api.MapPost("functions/{name}", (string name, HttpContext http) => RunAsync(functions, runs, name, http));
    }

    private static async Task<IResult> RunAsync(FunctionCatalog functions, ManualRuns runs, string name, HttpContext http)
    {
        string? input;
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            input = body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("input", out var value) ? value.ToString() : null;
        }
        catch (JsonException broken)
        {
            return Results.Problem($$"""The body is not JSON of the form {"input": "…"}: {{broken.Message}}""", statusCode: StatusCodes.Status400BadRequest);
        }

        if (functions.Running.FirstOrDefault(function => function.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } found)
            return Results.NotFound();
        return runs.Start(found, input ?? "") is { } refusal ? Results.Problem(refusal, statusCode: StatusCodes.Status400BadRequest) : Results.Accepted();
    }

    private static Status StatusOf(HostSettings settings, HostState state, IConfiguration configuration) => new(
        settings.HostId,
        state.Name,
        typeof(AdminEndpoints).Assembly.GetName().Version?.ToString(),
        typeof(AdminEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        configuration["WEBSITE_PLATFORM_VERSION"],
        configuration["WEBSITE_INSTANCE_ID"],
        Environment.MachineName,
        // By the machine's clock, whatever clock the app is given.
        (long)(TimeProvider.System.GetUtcNow() - Process.GetCurrentProcess().StartTime).TotalMilliseconds,
        "Unknown");

    private sealed record Status(
        string Id, string State, string? Version, string? VersionDetails, string? PlatformVersion, string? InstanceId, string ComputerName, long ProcessUptime,
        string FunctionAppContentEditingState);
}

/// <summary>What the host says of itself: Starting, Running or Stopping.</summary>
internal sealed class HostState
{
    private volatile string _name = "Starting";

    public string Name
    {
        get => _name;
        set => _name = value;
    }
}
