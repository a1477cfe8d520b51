using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>The part of the durable HTTP API that starts instances, and waits for them if asked to.</summary>
internal sealed class ManagedStarts(BoundDurableTaskClient client, FunctionCatalog functions, TimeProvider time)
{
    private readonly IReadOnlyList<string> _orchestrators = [.. functions.TriggeredBy<OrchestrationTriggerSpec>().Select(entry => entry.Trigger.Name).Order()];

    public async Task<IResult> StartAsync(string name, string? instanceId, HttpContext http)
    {
        JsonElement? input = null;
        using var body = new StreamReader(http.Request.Body);
        var text = await body.ReadToEndAsync(http.RequestAborted);
        try
        {
            if (text.Length > 0)
                input = JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException wrong)
        {
            return ManagementError.BadRequest("Invalid JSON content", wrong);
        }

        if (!_orchestrators.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw new ArgumentException($"The function '{name}' does not exist, is disabled, or is not an orchestrator function. The app has: {string.Join(", ", _orchestrators)}.", nameof(name));
        var options = new StartOrchestrationOptions(string.IsNullOrEmpty(instanceId) ? null : instanceId);
        object? given = input is { ValueKind: not JsonValueKind.Null } json ? json : null;
        return await AnswerAsync(await client.ScheduleNewOrchestrationInstanceAsync(name, given, options, http.RequestAborted), http);
    }

    public async Task<IResult> RestartAsync(string instanceId, HttpContext http)
    {
        string started;
        try
        {
            started = await client.RestartAsync(instanceId, new ManagementQuery(http.Request).Flag("restartWithNewInstanceId", byDefault: true), http.RequestAborted);
        }
        catch (ArgumentException unknown)
        {
            return ManagementError.BadRequest("InstanceId does not match a valid orchestration instance.", unknown);
        }

        return await AnswerAsync(started, http);
    }

    private async Task<IResult> AnswerAsync(string instanceId, HttpContext http)
    {
        var query = new ManagementQuery(http.Request);
        if (query.Seconds("timeout") is not { } timeout || query.Seconds("pollingInterval") is not { } interval)
            return CheckStatus(instanceId, http);
        if (interval > timeout)
            throw new ArgumentException($"Total timeout {timeout.TotalSeconds} should be bigger than retry timeout {interval.TotalSeconds}");
        using var late = new CancellationTokenSource(timeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, http.RequestAborted);
        try
        {
            var instance = await client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, end.Token);
            return instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed
                ? Results.Text(instance.SerializedOutput ?? "null", "application/json")
                : await DurableManagement.StatusAsync(client, instanceId, http);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return CheckStatus(instanceId, http);
        }
    }

    private IResult CheckStatus(string instanceId, HttpContext http)
    {
        var links = client.Links.ForCaller(http.Request, instanceId, client.Name);
        http.Response.Headers.Location = links["statusQueryGetUri"]!.GetValue<string>();
        http.Response.Headers.RetryAfter = "10";
        return Results.Json(links, statusCode: StatusCodes.Status202Accepted);
    }
}
