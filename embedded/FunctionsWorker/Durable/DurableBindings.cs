using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.DurableTask;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>What the parameters of orchestrators, activities and their clients are made from.</summary>
internal static class DurableBindings
{
    public const string InstanceId = "instanceId";

    public static ParameterBinding? ForContext(Type type) =>
        type == typeof(TaskOrchestrationContext) ? invocation => new(invocation.Payload) : null;

    public static ParameterBinding? ForActivityInput(Type type)
    {
        // An activity without an input may bind the context of its invocation alone.
        if (type == typeof(Microsoft.Azure.Functions.Worker.FunctionContext))
            return invocation => new(invocation);
        if (type.IsPointer || typeof(Delegate).IsAssignableFrom(type))
            return null;
        return invocation => new(OrDefault(invocation.Serializer.Deserialize(((ActivityWorkItem)invocation.Payload).SerializedInput, type), type));
    }

    public static ParameterBinding OrchestrationInput(Type type)
    {
        var get = typeof(TaskOrchestrationContext).GetMethod(nameof(TaskOrchestrationContext.GetInput))!.MakeGenericMethod(type);
        return invocation => new(OrDefault(get.Invoke(invocation.Payload, System.Reflection.BindingFlags.DoNotWrapExceptions, null, null, null), type));
    }

    public static ParameterBinding Client { get; } = invocation => new(invocation.InstanceServices.GetRequiredService<BoundDurableTaskClient>());

    private static object? OrDefault(object? value, Type type) => value ?? (type.IsValueType ? Activator.CreateInstance(type) : null);
}
