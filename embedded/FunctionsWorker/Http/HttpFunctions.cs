using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>Serves the HTTP functions.</summary>
internal static class HttpFunctions
{
    /// <summary>Under which key a context's items hold the request.</summary>
    public const string HttpContextKey = "HttpRequestContext";

    /// <exception cref="FormatException">The route is not one, or is the host's own.</exception>
    public static HttpTriggerSpec SpecOf(string name, HttpTriggerAttribute attribute, string? route, string prefix)
    {
        if (attribute.AuthLevel == AuthorizationLevel.User)
            throw new FormatException("The authorization level User is not supported by isolated workers; expected Anonymous, Function or Admin");
        var path = (route ?? name).TrimStart('/');
        var whole = prefix.Length == 0 ? path : $"{prefix}/{path}";
        var first = whole.Split('/')[0];
        if (first.Equals("admin", StringComparison.OrdinalIgnoreCase) || first.Equals("runtime", StringComparison.OrdinalIgnoreCase))
            throw new FormatException($"The route '{whole}' begins with '{first}', under which the host's own addresses lie; choose another");
        try
        {
            RoutePatternFactory.Parse(whole);
        }
        catch (RoutePatternException wrong)
        {
            throw new FormatException($"The route '{whole}' is not valid: {wrong.Message}", wrong);
        }

        return new HttpTriggerSpec(whole, [.. (attribute.Methods ?? []).Select(method => method.ToUpperInvariant())], attribute.AuthLevel);
    }

    public static void Map(IEndpointRouteBuilder endpoints, FunctionCatalog functions, FunctionInvoker invoker, HttpAdmission admission)
    {
        foreach (var (function, trigger) in functions.TriggeredBy<HttpTriggerSpec>())
        {
            RequestDelegate serve = async http =>
            {
                if (trigger.Level != AuthorizationLevel.Anonymous && !admission.Admits(http.Request))
                    await HttpAdmission.Refusal.ExecuteAsync(http);
                else
                    await ServeAsync(http, function, invoker);
            };
            var endpoint = trigger.Methods.Count == 0 ? endpoints.Map(trigger.Route, serve) : endpoints.MapMethods(trigger.Route, trigger.Methods, serve);
            endpoint.WithDisplayName(function.Name);
        }
    }

    private static async Task ServeAsync(HttpContext http, DeclaredFunction function, FunctionInvoker invoker)
    {
        var result = await invoker.InvokeAsync(function, new HttpPayload(http), http.RequestAborted);
        switch (result)
        {
            case IResult answer:
                await answer.ExecuteAsync(http);
                break;
            case IActionResult answer:
                await answer.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
                break;
            case string text:
                await Results.Text(text).ExecuteAsync(http);
                break;
            case not null:
                await new ObjectResult(result).ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
                break;
            default:
                // The function has answered by itself, or has nothing to say: 200 without a body.
                break;
        }
    }
}
