using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Embedded.FunctionsWorker.Http;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Microsoft.Azure.Functions.Worker.Http
{
    /// <summary>Gives an invocation's request; middleware may set its own.</summary>
    public interface IHttpRequestDataFeature
    {
        ValueTask<HttpRequestData?> GetHttpRequestDataAsync(FunctionContext context);
    }
}

namespace Microsoft.Azure.Functions.Worker.Extensions.Http.Converters
{
    /// <summary>Reads a request's body as the type of a parameter marked <c>[FromBody]</c>; middleware may set its own.</summary>
    public interface IFromBodyConversionFeature
    {
        ValueTask<object?> ConvertAsync(FunctionContext context, Type targetType);
    }
}

namespace Microsoft.Azure.Functions.Worker
{
    public static class FunctionContextHttpRequestExtensions
    {
        /// <summary>The request of an invocation by HTTP; null for other triggers.</summary>
        public static ValueTask<HttpRequestData?> GetHttpRequestDataAsync(this FunctionContext context) =>
            (context.Features.Get<IHttpRequestDataFeature>() ?? RequestDataFeature.Instance).GetHttpRequestDataAsync(context);

        /// <summary>The response that the function returned, once it has; null when it returned none.</summary>
        public static HttpResponseData? GetHttpResponseData(this FunctionContext context) =>
            Invocation.Of(context) is var invocation && invocation.Result.Value is HttpResponseData whole ? whole : invocation.Outputs.Values.OfType<HttpResponseData>().FirstOrDefault();
    }

    public static class FunctionContextExtensions
    {
        /// <summary>The request of an invocation by HTTP where ASP.NET Core's integration is on; null else.</summary>
        public static HttpContext? GetHttpContext(this FunctionContext context) =>
            context.Items.TryGetValue(HttpFunctions.HttpContextKey, out var http) ? http as HttpContext : null;
    }
}
