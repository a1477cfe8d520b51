using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Http.Converters;
using Microsoft.Azure.Functions.Worker.Http;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>How an app's HTTP functions see requests and answer them: by ASP.NET Core's types, or by the worker's own.</summary>
internal abstract class HttpModel
{
    /// <summary>Whether functions and middleware see ASP.NET Core's context.</summary>
    public abstract bool SharesContext { get; }

    /// <summary>What reads bodies for parameters marked <c>[FromBody]</c>, unless middleware has set its own.</summary>
    public abstract IFromBodyConversionFeature Body { get; }

    /// <summary>Makes the request ready before middleware and function see it.</summary>
    public abstract ValueTask PrepareAsync(HttpContext http);

    public abstract HttpResponseData CreateResponse(HttpContext http, FunctionContext context);

    /// <summary>Sends what the function returned.</summary>
    /// <param name="http">The request.</param>
    /// <param name="function">The function's name, for the log.</param>
    /// <param name="result">What the function returned, or middleware put in its place.</param>
    public abstract Task AnswerAsync(HttpContext http, string function, object? result);
}
