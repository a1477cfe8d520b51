using System.Net.Http.Headers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Http.Converters;
using Microsoft.Azure.Functions.Worker.Http;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>Reads bodies as text, bytes, or JSON by the worker's serializer.</summary>
internal sealed class BuiltInBody : IFromBodyConversionFeature
{
    /// <exception cref="InvalidOperationException">The content type is not one of JSON, and the target is neither text nor bytes.</exception>
    public async ValueTask<object?> ConvertAsync(FunctionContext context, Type targetType)
    {
        var request = await context.GetHttpRequestDataAsync()
            ?? throw new InvalidOperationException($"The invocation {context.InvocationId} has no request to read a body from.");
        if (targetType == typeof(string))
            return await request.ReadAsStringAsync();
        if (targetType == typeof(byte[]) || targetType == typeof(Memory<byte>))
        {
            var bytes = (await BinaryData.FromStreamAsync(request.Body, context.CancellationToken)).ToArray();
            return targetType == typeof(byte[]) ? bytes : (object)new Memory<byte>(bytes);
        }

        var type = request.Headers.TryGetValues("Content-Type", out var values) ? values.FirstOrDefault() : null;
        return IsJson(type)
            ? await context.WorkerSerializer().DeserializeAsync(request.Body, targetType, context.CancellationToken)
            : throw new InvalidOperationException($"The request's body has the content type '{type}', from which no {targetType.Name} is read; send application/json.");
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType!.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
}
