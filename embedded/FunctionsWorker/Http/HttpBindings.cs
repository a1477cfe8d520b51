using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Extensions.Http.Converters;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>What an HTTP function's parameters are made from.</summary>
internal static class HttpBindings
{
    public const string Expected = "HttpRequest, HttpRequestData, FunctionContext, or a type marked [FromBody] that its body is read as";

    public static ParameterBinding? For(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttribute<FromBodyAttribute>() is not null)
            return Body(type);
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

    /// <summary>A JSON body's text, whose properties parameters may be named after; null without one. The body can be read once more.</summary>
    public static async Task<string?> JsonBodyAsync(HttpRequest request)
    {
        if (request.ContentLength is null or 0 || !request.HasJsonContentType())
            return null;
        request.EnableBuffering();
        var start = request.Body.Position;
        using var reader = new StreamReader(request.Body, leaveOpen: true);
        var text = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        request.Body.Position = start;
        return text;
    }
}

/// <summary>Stands for the conversion of a request's body where an attribute must name a converter; the host converts it by itself.</summary>
internal sealed class RequestBody : IInputConverter
{
    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) => new(ConversionResult.Unhandled());
}
