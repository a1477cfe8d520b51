using Microsoft.AspNetCore.Http;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>A request as the trigger of an invocation; its metadata and services are made when first asked for.</summary>
internal sealed record HttpPayload(HttpContext Http) : TriggerPayload(Http, "This function was programmatically called via the host APIs.")
{
    private IReadOnlyDictionary<string, object?>? _data;

    public override IReadOnlyDictionary<string, object?> Data => _data ??= DataOf(Http);

    public override IServiceProvider? Services => Http.RequestServices;

    /// <summary>The query's values, and over them the route's.</summary>
    private static Dictionary<string, object?> DataOf(HttpContext http)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in http.Request.Query)
            data[name] = value.ToString();
        foreach (var (name, value) in http.Request.RouteValues)
            data[name] = value?.ToString();
        return data;
    }
}
