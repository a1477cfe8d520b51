using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Http.Converters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>Reads bodies by MVC's input formatters, as the genuine worker does: by content type, JSON by MVC's own options.</summary>
internal sealed class AspNetCoreBody : IFromBodyConversionFeature
{
    /// <exception cref="InvalidOperationException">The body is empty, of a content type that nothing reads, or not of its content type's form.</exception>
    public async ValueTask<object?> ConvertAsync(FunctionContext context, Type targetType)
    {
        var http = context.GetHttpContext() ?? throw new InvalidOperationException($"The invocation {context.InvocationId} has no request to read a body from.");
        var metadata = http.RequestServices.GetRequiredService<IModelMetadataProvider>().GetMetadataForType(targetType);
        var state = new ModelStateDictionary();
        var input = new InputFormatterContext(http, "", state, metadata, (stream, encoding) => new HttpRequestStreamReader(stream, encoding));
        var formatter = http.RequestServices.GetRequiredService<IOptions<MvcOptions>>().Value.InputFormatters.FirstOrDefault(candidate => candidate.CanRead(input))
            ?? throw new InvalidOperationException(
                $"The request's body has the content type '{http.Request.ContentType}', from which no {targetType.Name} is read; send application/json.");
        var result = await formatter.ReadAsync(input);
        if (result.HasError)
            throw new InvalidOperationException($"The request's body could not be read as {targetType.Name}: {string.Join(" ", Errors(state))}");
        return result.IsModelSet ? result.Model : throw new InvalidOperationException($"The request's body is empty; a {targetType.Name} is expected.");
    }

    private static IEnumerable<string> Errors(ModelStateDictionary state) =>
        state.Values.SelectMany(entry => entry.Errors).Select(error => error.ErrorMessage.Length > 0 ? error.ErrorMessage : error.Exception?.Message ?? "");
}
