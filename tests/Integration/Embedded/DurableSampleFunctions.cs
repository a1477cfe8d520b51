using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Tests.Integration.Embedded;

public sealed class DurableSampleFunctions(Journal journal)
{
    [Function("StartSum")]
    public static async Task<IActionResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sums/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var numbers = await request.ReadFromJsonAsync<int[]>(cancellationToken);
        await client.ScheduleNewOrchestrationInstanceAsync(nameof(Sum), numbers, new StartOrchestrationOptions { InstanceId = id }, cancellationToken);
        return new AcceptedResult($"/runs/{id}", client.CreateHttpManagementPayload(id));
    }

    [Function(nameof(Sum))]
    public static async Task<Order> Sum([OrchestrationTrigger] TaskOrchestrationContext context, int[] numbers)
    {
        var doubled = await Task.WhenAll(numbers.Select(number => context.CallActivityAsync<int>(nameof(Double), number)));
        context.SetCustomStatus(new { Doubled = doubled.Length });
        return new Order(context.InstanceId, doubled.Sum());
    }

    [Function(nameof(Double))]
    public async Task<int> Double([ActivityTrigger] int number, string instanceId, FunctionContext context, CancellationToken cancellationToken)
    {
        await journal.NoteAsync($"double {number} for {instanceId} by {context.FunctionDefinition.Name}", cancellationToken);
        return number * 2;
    }

    [Function(nameof(Approve))]
    public async Task<string> Approve([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var decision = await context.WaitForExternalEvent<Order>("Decision");
        await context.CallActivityAsync(nameof(Note), decision.Id);
        return decision.Id;
    }

    [Function(nameof(Note))]
    public void Note([ActivityTrigger] string text) => journal.Note(text);

    [Function(nameof(Fail))]
    public static Task Fail([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("NoSuchActivity");

    [Function("StartNamed")]
    public static async Task<IResult> StartNamed(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "start/{name}/{id}")] HttpRequest request, string name, string id,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        Results.Text(request.Method + await client.ScheduleNewOrchestrationInstanceAsync(name, null, new StartOrchestrationOptions { InstanceId = id }, cancellationToken));
}
