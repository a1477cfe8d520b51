using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Http.Converters;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>Functions take and return the worker's own types. As on the genuine worker, bodies are whole in memory before the function runs and before its answer is sent.</summary>
internal sealed class BuiltInModel : HttpModel
{
    public override bool SharesContext => false;

    public override IFromBodyConversionFeature Body { get; } = new BuiltInBody();

    public override async ValueTask PrepareAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            http.Request.Body = Stream.Null;
            return;
        }

        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        body.Position = 0;
        http.Request.Body = body;
    }

    public override HttpResponseData CreateResponse(HttpContext http, FunctionContext context) => new Response(context);

    public override async Task AnswerAsync(HttpContext http, string function, object? result)
    {
        switch (result)
        {
            case null:
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case HttpResponseData answer:
                await SendAsync(http, answer);
                break;
            case byte[] bytes:
                await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
                break;
            case string text:
                await PlainAnswer.Of(text).SendAsync(http);
                break;
            case var other:
                var serializer = http.RequestServices.GetRequiredService<IOptions<WorkerOptions>>().Value.Serializer!;
                var json = await serializer.SerializeAsync(other, other.GetType(), http.RequestAborted);
                await PlainAnswer.Of(json.ToString()).SendAsync(http);
                break;
        }
    }

    private static async Task SendAsync(HttpContext http, HttpResponseData answer)
    {
        var response = http.Response;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.NonValidated)
            response.Headers[name] = string.Join(',', values);
        (answer.Cookies as HttpResponseCookies)?.AddTo(response);
        if (!answer.Body.CanRead)
            return;
        if (answer.Body.CanSeek)
        {
            answer.Body.Position = 0;
            if (answer.Body.Length == 0)
                return;
            response.ContentLength = answer.Body.Length;
        }

        await answer.Body.CopyToAsync(response.Body, http.RequestAborted);
    }

    private sealed class Response(FunctionContext context) : HttpResponseData(context)
    {
        public override HttpStatusCode StatusCode { get; set; } = HttpStatusCode.OK;

        public override HttpHeadersCollection Headers { get; set; } = [];

        public override Stream Body { get; set; } = new MemoryStream();

        public override HttpCookies Cookies { get; } = new HttpResponseCookies();
    }
}
