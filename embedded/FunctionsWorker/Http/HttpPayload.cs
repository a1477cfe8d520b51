using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>A request as the trigger of an invocation; its metadata and services are made when first asked for.</summary>
internal sealed record HttpPayload(HttpContext Http, HttpModel Model) : TriggerPayload(Http, "This function was programmatically called via the host APIs.")
{
    private IReadOnlyDictionary<string, object?>? _data;
    private HttpRequestView? _view;

    public override IReadOnlyDictionary<string, object?> Data => _data ??= DataOf(Http, JsonBody);

    public override IServiceProvider? Services => Http.RequestServices;

    /// <summary>A JSON body, where it was read for its properties; the query's and the route's values win over them.</summary>
    public string? JsonBody { get; init; }

    /// <summary>Whether the worker's own type of request was made.</summary>
    public HttpRequestView? MadeView => _view;

    /// <summary>The request of an invocation by HTTP; null for other triggers.</summary>
    public static HttpPayload? Of(FunctionContext context) => (context as Invocation ?? context.Features?.Get<Invocation>())?.Trigger as HttpPayload;

    /// <summary>The request as the worker's own type; middleware and function share one.</summary>
    public HttpRequestView View(FunctionContext context) => _view ??= new HttpRequestView(Http, Model, context);

    private static Dictionary<string, object?> DataOf(HttpContext http, string? body)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        if (body is not null)
            JsonText.AddProperties(body, data);
        // The function key is no business of the function's.
        foreach (var (name, value) in http.Request.Query.Where(entry => !entry.Key.Equals(HttpAdmission.Query, StringComparison.OrdinalIgnoreCase)))
            data[name] = value.ToString();
        foreach (var (name, value) in http.Request.RouteValues)
            data[name] = value?.ToString();
        data.TryAdd("Query", JsonSerializer.Serialize(http.Request.Query.ToDictionary(entry => entry.Key, entry => entry.Value.ToString())));
        data.TryAdd("Headers", JsonSerializer.Serialize(http.Request.Headers.ToDictionary(entry => entry.Key, entry => entry.Value.ToString())));
        return data;
    }
}
