using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Http.Converters;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>
/// Functions take ASP.NET Core's request and return its results. As on the genuine worker, anything else that is returned is not sent: the answer is 200 with
/// what the function has itself written to the response.
/// </summary>
internal sealed partial class AspNetCoreModel(ILogger<AspNetCoreModel> logger) : HttpModel
{
    private static readonly ActionDescriptor Descriptor = new();

    public override bool SharesContext => true;

    public override IFromBodyConversionFeature Body { get; } = new AspNetCoreBody();

    public override ValueTask PrepareAsync(HttpContext http) => default;

    public override HttpResponseData CreateResponse(HttpContext http, FunctionContext context) => new Response(http.Response, context);

    public override Task AnswerAsync(HttpContext http, string function, object? result)
    {
        switch (result)
        {
            case IActionResult answer:
                return answer.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), Descriptor));
            case IResult answer:
                return answer.ExecuteAsync(http);
            case null or HttpResponseData:
                return Task.CompletedTask;
            case var other:
                LogNotSent(function, other.GetType().Name);
                return Task.CompletedTask;
        }
    }

    [LoggerMessage(62, LogLevel.Warning, "The function '{Function}' returned a {Type}, which is not sent: with ConfigureFunctionsWebApplication only IActionResult, IResult and "
        + "HttpResponseData are, on this host and on the genuine one. Return new OkObjectResult(…).")]
    private partial void LogNotSent(string function, string type);

    /// <summary>ASP.NET Core's response as the worker's own type: what is written to it is sent at once.</summary>
    private sealed class Response : HttpResponseData
    {
        private readonly HttpResponse _response;
        private readonly HttpResponseCookies _cookies = new();

        public Response(HttpResponse response, FunctionContext context)
            : base(context)
        {
            _response = response;
            Headers = new HttpHeadersCollection(response.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.OfType<string>())));
            response.OnStarting(() =>
            {
                foreach (var (name, values) in Headers.NonValidated)
                    response.Headers[name] = values.ToArray();
                _cookies.AddTo(response);
                return Task.CompletedTask;
            });
        }

        public override HttpStatusCode StatusCode
        {
            get => (HttpStatusCode)_response.StatusCode;
            set => _response.StatusCode = (int)value;
        }

        public override HttpHeadersCollection Headers { get; set; }

        public override Stream Body
        {
            get => _response.Body;
            set => _response.Body = value;
        }

        public override HttpCookies Cookies => _cookies;
    }
}
