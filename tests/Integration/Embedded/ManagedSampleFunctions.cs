using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.DurableTask.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Tests.Integration.Embedded;

public sealed class ManagedSampleFunctions(Journal journal)
{
    [Function(nameof(Tell))]
    public static async Task<string> Tell([OrchestrationTrigger] TaskOrchestrationContext context, string what)
    {
        await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
        var said = await context.CallActivityAsync<string>(nameof(Utter), what);
        return said + await context.CallSubOrchestratorAsync<string>(nameof(Listen), new SubOrchestrationOptions(instanceId: context.InstanceId + "-sub"));
    }

    [Function(nameof(Listen))]
    public static Task<string> Listen([OrchestrationTrigger] TaskOrchestrationContext context) => context.WaitForExternalEvent<string>("Heard");

    [Function(nameof(Utter))]
    public async Task<string> Utter([ActivityTrigger] string what, CancellationToken cancellationToken)
    {
        await journal.NoteAsync(what, cancellationToken);
        return what + "!";
    }

    [Function(nameof(Fetch))]
    public static async Task<string> Fetch([OrchestrationTrigger] TaskOrchestrationContext context, FetchOrder order)
    {
        var response = await context.CallHttpAsync(new DurableHttpRequest(HttpMethod.Post, order.Address)
        {
            Headers = new Dictionary<string, Microsoft.Extensions.Primitives.StringValues> { ["x-secret"] = "s3cret", ["Content-Type"] = "application/json" },
            Content = """{"n":1}""",
            AsynchronousPatternEnabled = order.Polls,
            Timeout = order.Timeout,
            HttpRetryOptions = order.Attempts == 0
                ? null
                : new HttpRetryOptions([HttpStatusCode.ServiceUnavailable]) { MaxNumberOfAttempts = order.Attempts, FirstRetryInterval = TimeSpan.FromMilliseconds(1) },
        });
        var answer = response.Headers is { } headers && headers.TryGetValue("X-ANSWER", out var values) ? values.ToString() : "";
        return $"{(int)response.StatusCode} {response.Content} {answer}";
    }

    [Function("StartWithData")]
    public static async Task<Microsoft.Azure.Functions.Worker.Http.HttpResponseData> StartWithData(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "checked/{id}")] Microsoft.Azure.Functions.Worker.Http.HttpRequestData request, string id,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await client.ScheduleNewOrchestrationInstanceAsync(nameof(Listen), new StartOrchestrationOptions(id), cancellationToken);
        return await client.CreateCheckStatusResponseAsync(request, id, HttpStatusCode.Created, cancellationToken);
    }

    [Function("ByProvider")]
    public static async Task<IActionResult> ByProvider(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "provided/{id}")] HttpRequest request, string id, FunctionContext context, [DurableClient(TaskHub = "%hub%")] DurableTaskClient bound)
    {
        var client = ((IDurableTaskClientProvider)context.InstanceServices.GetService(typeof(IDurableTaskClientProvider))!).GetClient(bound.Name);
        return new OkObjectResult(request.Method + await client.ScheduleNewOrchestrationInstanceAsync(nameof(Listen), new StartOrchestrationOptions(id)));
    }
}

public sealed record FetchOrder(Uri Address, bool Polls = false, int Attempts = 0, TimeSpan? Timeout = null);
