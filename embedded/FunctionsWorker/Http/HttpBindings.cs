using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Http.Converters;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>What an HTTP function's parameters are made from.</summary>
internal static class HttpBindings
{
    public const string Expected = "HttpRequest, HttpRequestData or FunctionContext, and a parameter of its own marked [FromBody] for the body";

    public static ParameterBinding? For(Type type)
    {
        if (type == typeof(HttpRequest))
            return invocation =>
            {
                var payload = (HttpPayload)invocation.Trigger;
                payload.MadeView?.ShareHeaders();
                return new(payload.Http.Request);
            };
        if (type == typeof(HttpRequestData))
            return invocation => new(((HttpPayload)invocation.Trigger).View(invocation));
        if (type == typeof(FunctionContext))
            return invocation => new(invocation);
        return null;
    }

    public static ParameterBinding Body(Type type) => invocation =>
        (invocation.Features.Get<IFromBodyConversionFeature>() ?? ((HttpPayload)invocation.Trigger).Model.Body).ConvertAsync(invocation, type);

    /// <summary>The plain values of a JSON body by name, which parameters may be named after; the body can be read once more.</summary>
    public static async Task<IEnumerable<KeyValuePair<string, object?>>> BodyValuesAsync(HttpRequest request)
    {
        if (request.ContentLength is null or 0 || !request.HasJsonContentType())
            return [];
        request.EnableBuffering();
        var start = request.Body.Position;
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return body.RootElement.ValueKind == JsonValueKind.Object
                ? [.. body.RootElement.EnumerateObject().Where(IsPlain).Select(member => KeyValuePair.Create(member.Name, (object?)member.Value.ToString()))]
                : [];
        }
        catch (JsonException)
        {
            // The function decides what a body that is not JSON means.
            return [];
        }
        finally
        {
            request.Body.Position = start;
        }
    }

    private static bool IsPlain(JsonProperty member) => member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null);
}

/// <summary>Stands for the conversion of a request's body where an attribute must name a type.</summary>
internal static class RequestBody;
