using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Training;
using Serverless.Platform;

namespace Serverless.Functions.Http;

/// <summary>The forms in which the HTTP surface answers.</summary>
public static class Responses
{
    public static IActionResult Ok(object value) => new JsonResult(value, Json.Options) { StatusCode = StatusCodes.Status200OK };

    /// <summary>An error by RFC 9457, <c>application/problem+json</c>.</summary>
    public static IActionResult Problem(int status, string title, string detail, IReadOnlyList<string>? errors = null)
    {
        var problem = new ProblemDetails { Status = status, Title = title, Detail = detail };
        if (errors is { Count: > 0 })
        {
            problem.Extensions["errors"] = errors;
        }

        return new JsonResult(problem, Json.Options) { StatusCode = status, ContentType = "application/problem+json" };
    }

    public static IActionResult NotFound(string what, string remedy) => Problem(404, "Not found", $"{what} {remedy}");

    /// <summary>202 with <c>Location: /runs/{id}</c> and the durable management payload.</summary>
    public static IActionResult Accepted(HttpRequest request, DurableTaskClient client, string run)
    {
        var management = client.CreateHttpManagementPayload(run);
        request.HttpContext.Response.Headers.Location = $"/runs/{Uri.EscapeDataString(run)}";
        return new JsonResult(
            new
            {
                management.Id,
                management.StatusQueryGetUri,
                management.SendEventPostUri,
                management.TerminatePostUri,
                management.PurgeHistoryDeleteUri,
                management.SuspendPostUri,
                management.ResumePostUri,
            },
            Json.Options)
        { StatusCode = StatusCodes.Status202Accepted };
    }

    /// <summary>Why training was not started.</summary>
    public static IActionResult Refused(TrainingStart refused) =>
        Problem(refused.Missing ? 404 : 422, refused.Missing ? "Not found" : "Training cannot be started", refused.Reasons[0], refused.Reasons);
}
