using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace Serverless.Tests.Integration.Embedded;

/// <summary>An entity as a class that gets services, and whose state is a number.</summary>
public sealed class Counter(Journal journal) : TaskEntity<int>
{
    public async Task<int> Add(int amount)
    {
        await journal.NoteAsync($"add {amount}", CancellationToken.None);
        return State += amount;
    }

    public void Reset() => State = 0;

    public int Get() => State;

    public void Remind(int seconds) => Context.SignalEntity(Context.Id, "add", 100, new SignalEntityOptions { SignalTime = DateTimeOffset.UtcNow.AddSeconds(seconds) });

    public void Announce() => Context.ScheduleNewOrchestration(nameof(EntitySampleFunctions.Announcement), State, new StartOrchestrationOptions($"announcement-{State}"));

    [Function("Counter")]
    public static Task Run([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<Counter>();
}

/// <summary>An entity that is its own state.</summary>
public sealed class Account
{
    public decimal Amount { get; set; }

    public decimal Balance() => Amount;

    public void Deposit(decimal amount) => Amount += amount;

    public void Withdraw(decimal amount)
    {
        if (Amount < amount)
            throw new InvalidOperationException("The account is not covered.");
        Amount -= amount;
    }

    [Function("Account")]
    public static Task Run([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<Account>();
}

public sealed record Transfer(string Source, string Destination, decimal Amount);

public static class EntitySampleFunctions
{
    /// <summary>An entity as a function of its operations.</summary>
    [Function("Tally")]
    public static Task Tally([EntityTrigger(EntityName = "FunctionCounter")] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(operation =>
    {
        switch (operation.Name.ToLowerInvariant())
        {
            case "add":
                var sum = operation.State.GetState<int>() + operation.GetInput<int>();
                operation.State.SetState(sum);
                return new(sum);
            case "get":
                return new(operation.State.GetState<int>());
            case "delete":
                operation.State.SetState(null);
                break;
        }

        return default;
    });

    [Function("SignalCounter")]
    public static async Task<IActionResult> Signal(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "counters/{key}/{amount:int}")] HttpRequest request, string key, int amount,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await client.Entities.SignalEntityAsync(new EntityInstanceId(nameof(Counter), key), "add", amount, cancellation: cancellationToken);
        return new AcceptedResult(request.Path, null);
    }

    [Function("ReadCounter")]
    public static async Task<IActionResult> Read(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "counters/{key}")] HttpRequest request, string key,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        await client.Entities.GetEntityAsync<int>(new EntityInstanceId(nameof(Counter), key), cancellationToken) is { } entity
            ? new OkObjectResult(entity.State)
            : new NotFoundObjectResult(request.Path.Value);

    [Function("StartTransfer")]
    public static async Task<IActionResult> StartTransfer(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transfers/{id}")] HttpRequest request, string id,
        [Microsoft.Azure.Functions.Worker.Http.FromBody] Transfer transfer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await client.ScheduleNewOrchestrationInstanceAsync(nameof(TransferFunds), transfer, new StartOrchestrationOptions(id), cancellationToken);
        return new AcceptedResult(request.Path, client.CreateHttpManagementPayload(id));
    }

    [Function(nameof(TransferFunds))]
    public static async Task<bool> TransferFunds([OrchestrationTrigger] TaskOrchestrationContext context, Transfer transfer)
    {
        var source = new EntityInstanceId(nameof(Account), transfer.Source);
        var destination = new EntityInstanceId(nameof(Account), transfer.Destination);
        await using (await context.Entities.LockEntitiesAsync(source, destination))
        {
            if (await context.Entities.CallEntityAsync<decimal>(source, "Balance") < transfer.Amount)
                return false;
            await context.Entities.CallEntityAsync(source, "Withdraw", transfer.Amount);
            await context.Entities.CallEntityAsync(destination, "Deposit", transfer.Amount);
            return true;
        }
    }

    [Function(nameof(Announcement))]
    public static string Announcement([OrchestrationTrigger] TaskOrchestrationContext context, int count) => $"{count} announced by {context.Parent?.InstanceId}";
}
