using Microsoft.DurableTask;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>A number that is added to.</summary>
internal sealed class Counter : TaskEntity<int>
{
    public int Add(int amount) => State += amount;

    public int Get() => State;

    public void AddLater(DateTimeOffset at) =>
        Context.SignalEntity(Context.Id, "add", 1, new SignalEntityOptions { SignalTime = at });

    public void AddThenFail(TaskEntityContext context, int amount)
    {
        State += amount;
        context.SignalEntity(new EntityInstanceId("counter", "other"), "add", amount);
        context.ScheduleNewOrchestration("never", null, new StartOrchestrationOptions("started"));
        throw new ArgumentOutOfRangeException(nameof(amount), "refused");
    }

    public string StartEcho(string text) => Context.ScheduleNewOrchestration("echo", text, new StartOrchestrationOptions($"echo-of-{Context.Id.Key}"));

    public void Forward(string key) => Context.SignalEntity(new EntityInstanceId("counter", key), "add", State);
}

/// <summary>An account that cannot be overdrawn.</summary>
internal sealed class Account : TaskEntity<long>
{
    public long Deposit(long amount) => State += amount;

    public void Withdraw(long amount) => State = State >= amount ? State - amount : throw new InvalidOperationException("not covered");

    public long Balance() => State;
}

internal static class EntityTestExtensions
{
    public static EntityInstanceId Id(string name, string key) => new(name, key);

    public static Task SignalAsync(this TestHub hub, EntityInstanceId id, string operation, object? input = null) =>
        hub.Client.Entities.SignalEntityAsync(id, operation, input);

    public static async Task<T?> StateAsync<T>(this TestHub hub, EntityInstanceId id) =>
        await hub.Client.Entities.GetEntityAsync<T>(id) is { IncludesState: true } entity ? entity.State : default;

    public static async Task<EntityMetadata<T>> BecomesAsync<T>(this TestHub hub, EntityInstanceId id, T state)
    {
        EntityMetadata<T>? entity = null;
        await Poll.UntilTrueAsync(
            () => (entity = hub.Client.Entities.GetEntityAsync<T>(id).Result) is { IncludesState: true } && Equals(entity.State, state),
            () => $"{id} did not become {state}, but is {(entity is { IncludesState: true } ? entity.State : "absent")}.");
        return entity!;
    }
}
