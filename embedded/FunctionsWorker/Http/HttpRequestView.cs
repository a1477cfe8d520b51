using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>A request as the worker's own type.</summary>
internal sealed class HttpRequestView(HttpContext http, HttpModel model, FunctionContext context) : HttpRequestData(context)
{
    private HttpHeadersCollection? _headers;

    public override Stream Body => http.Request.Body;

    public override HttpHeadersCollection Headers => _headers ??= new HttpHeadersCollection(
        http.Request.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.OfType<string>())));

    public override IReadOnlyCollection<IHttpCookie> Cookies =>
        field ??= [.. http.Request.Cookies.Select(cookie => new HttpCookie(cookie.Key, cookie.Value))];

    public override Uri Url => field ??= new Uri(http.Request.GetEncodedUrl());

    public override IEnumerable<ClaimsIdentity> Identities => http.User.Identities;

    public override string Method => http.Request.Method;

    public override HttpResponseData CreateResponse() => model.CreateResponse(http, FunctionContext);

    /// <summary>Lets ASP.NET Core's request see what middleware has changed in the headers here.</summary>
    public void ShareHeaders()
    {
        if (_headers is null)
            return;
        http.Request.Headers.Clear();
        foreach (var (name, values) in _headers.NonValidated)
            http.Request.Headers[name] = values.ToArray();
    }
}

/// <summary>Gives the request of an invocation of this host.</summary>
internal sealed class RequestDataFeature : IHttpRequestDataFeature
{
    public static RequestDataFeature Instance { get; } = new();

    public ValueTask<HttpRequestData?> GetHttpRequestDataAsync(FunctionContext context) =>
        new(HttpPayload.Of(context)?.View(context));
}
