using System.Net;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Primitives;
using Serverless.Embedded.FunctionsWorker.Durable;

namespace Microsoft.Azure.Functions.Worker.Extensions.DurableTask.Http;

/// <summary>The answer to a <see cref="DurableHttpRequest"/>.</summary>
public class DurableHttpResponse
{
    public DurableHttpResponse(HttpStatusCode statusCode) => StatusCode = statusCode;

    [JsonPropertyName("statusCode")]
    public HttpStatusCode StatusCode { get; }

    /// <summary>The headers, those of the content aside.</summary>
    [JsonPropertyName("headers")]
    [JsonConverter(typeof(HttpHeadersConverter))]
    public IDictionary<string, StringValues>? Headers { get; init; }

    [JsonPropertyName("content")]
    public string? Content { get; init; }
}
