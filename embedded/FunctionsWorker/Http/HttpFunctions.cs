using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>Serves the HTTP functions.</summary>
internal static class HttpFunctions
{
    /// <summary>Under which key a context's items hold the request.</summary>
    public const string HttpContextKey = "HttpRequestContext";

    private static readonly string[] Reserved = ["admin", "runtime"];

    /// <exception cref="FormatException">The route is not one, or is the host's own.</exception>
    public static HttpTriggerSpec SpecOf(string name, HttpTriggerAttribute attribute, string? route, string prefix)
    {
        if (attribute.AuthLevel == AuthorizationLevel.User)
            throw new FormatException("The authorization level User is not supported by isolated workers; expected Anonymous, Function or Admin");
        var path = string.IsNullOrWhiteSpace(route) ? name : route.Trim('/');
        if (Array.Find(Reserved, reserved => path.StartsWith(reserved, StringComparison.OrdinalIgnoreCase)) is { } taken)
            throw new FormatException($"The route '{path}' begins with '{taken}', under which the host's own addresses lie; choose another");
        var whole = prefix.Length == 0 ? path : $"{prefix}/{path}";
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

    public static void Map(IEndpointRouteBuilder endpoints, FunctionCatalog functions, FunctionInvoker invoker, HttpAdmission admission, HttpModel model)
    {
        // As on the genuine host, functions are asked in the order of their names, and the first whose route and methods fit answers.
        foreach (var (order, (function, trigger)) in functions.TriggeredBy<HttpTriggerSpec>().OrderBy(entry => entry.Function.Name, StringComparer.OrdinalIgnoreCase).Index())
        {
            // A constraint, not a method policy: where no method fits, the genuine host answers 404, not 405.
            var methods = trigger.Methods.Count == 0 ? null : new RouteValueDictionary { ["httpMethod"] = new HttpMethodRouteConstraint([.. trigger.Methods]) };
            endpoints.Map(RoutePatternFactory.Parse(trigger.Route, null, methods), Serve(function, trigger, invoker, admission, model))
                .WithDisplayName(function.Name)
                .WithOrder(order);
        }
    }

    private static RequestDelegate Serve(DeclaredFunction function, HttpTriggerSpec trigger, FunctionInvoker invoker, HttpAdmission admission, HttpModel model)
    {
        var takesValues = function.Outputs.AreStored || function.Method.GetParameters().Any(parameter =>
            parameter.GetCustomAttribute<BindingAttribute>() is null && parameter.GetCustomAttribute<InputConverterAttribute>() is null
            && parameter.ParameterType != typeof(FunctionContext) && parameter.ParameterType != typeof(CancellationToken));
        return async http =>
        {
            if (!admission.Admits(http.Request, trigger.Level, function.Name))
            {
                await HttpAdmission.Refusal.ExecuteAsync(http);
                return;
            }

            await model.PrepareAsync(http);
            var payload = new HttpPayload(http, model) { JsonBody = takesValues ? await HttpBindings.JsonBodyAsync(http.Request) : null };
            await model.AnswerAsync(http, function.Name, await invoker.InvokeAsync(function, payload, http.RequestAborted));
        };
    }
}
