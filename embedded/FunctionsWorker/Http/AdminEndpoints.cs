using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>The host's own addresses: its state, and its functions.</summary>
internal static class AdminEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints, FunctionCatalog functions, HostSettings settings, HttpAdmission admission, HostAddress address, HostState state)
    {
        // The state is answered to anyone, for probes carry no key; it tells nothing else.
        endpoints.MapGet("/admin/host/status", () => Results.Json(new { id = settings.HostId, state = state.Name }));
        var all = endpoints.MapGroup("/admin/functions").AddEndpointFilter((context, next) => admission.InvokeAsync(context, next));
        all.MapGet("", () => Results.Json(functions.Running.Select(function => Describe(function, address))
            .Concat(functions.SwitchedOff.Select(name => new FunctionDescription(name, IsDisabled: true)))));
        all.MapGet("{name}", (string name) => functions.Running.FirstOrDefault(function => function.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } function
            ? Results.Json(Describe(function, address))
            : Results.NotFound());
    }

    private static FunctionDescription Describe(DeclaredFunction function, HostAddress address) => new(
        function.Name,
        IsDisabled: false,
        function.Trigger.Type,
        function.EntryPoint,
        function.Trigger is HttpTriggerSpec http ? $"{address.Get()}/{http.Route}" : null);

    private sealed record FunctionDescription(string Name, bool IsDisabled, string? Type = null, string? EntryPoint = null, string? InvokeUrlTemplate = null);
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
