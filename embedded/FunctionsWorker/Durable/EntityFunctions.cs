using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.DurableTask;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>The app's entities.</summary>
internal static class EntityFunctions
{
    /// <exception cref="FormatException">The name cannot be part of an entity's id.</exception>
    public static EntityTriggerSpec SpecOf(string function, EntityTriggerAttribute trigger)
    {
        var name = trigger.EntityName ?? function;
        return name.Length > 0 && !name.Contains('@', StringComparison.Ordinal)
            ? new EntityTriggerSpec(name)
            : throw new FormatException($"The entity name '{name}' is empty or has an '@', which separates name and key in an entity's id; leave it out");
    }

    public static ParameterBinding? BindingFor(Type type) => type == typeof(TaskEntityDispatcher)
        ? invocation => new(new TaskEntityDispatcher((EntityWorkItem)invocation.Payload, invocation.InstanceServices))
        : null;

    public static void Register(TaskHub hub, FunctionCatalog functions, FunctionInvoker invoker)
    {
        foreach (var (function, trigger) in functions.TriggeredBy<EntityTriggerSpec>())
        {
            hub.AddEntity(trigger.Name, (work, cancellationToken) => invoker.InvokeAsync(
                function, new TriggerPayload(work, $"{work.OperationCount} operations of entity {work.Id}"), cancellationToken));
        }
    }
}
