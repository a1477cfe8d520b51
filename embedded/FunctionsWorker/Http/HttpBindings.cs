using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>What an HTTP function's parameters are made from.</summary>
internal static class HttpBindings
{
    public const string Expected = "HttpRequest";

    public static ParameterBinding? For(Type type) =>
        type == typeof(HttpRequest) ? invocation => new(((HttpContext)invocation.Payload).Request) : null;

    public static ParameterBinding Body(Type type) => async invocation =>
    {
        var request = ((HttpContext)invocation.Payload).Request;
        var content = await BinaryData.FromStreamAsync(request.Body, invocation.CancellationToken);
        try
        {
            return type == typeof(string) ? content.ToString() : invocation.Serializer.Read(content, type, "request's body", invocation.Function.Name);
        }
        catch (FunctionInputConverterException wrong)
        {
            // The caller's fault, not the function's.
            throw new BadHttpRequestException(wrong.Message, StatusCodes.Status400BadRequest, wrong);
        }
    };
}

/// <summary>Stands for the conversion of a request's body where an attribute must name a converter; the host converts it by itself.</summary>
internal sealed class RequestBody : IInputConverter
{
    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) => new(ConversionResult.Unhandled());
}
