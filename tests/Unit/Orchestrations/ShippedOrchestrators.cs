using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Serverless.Embedded.DurableTask;
using Serverless.Orchestrations.Training;

namespace Serverless.Tests.Histories;

/// <summary>The orchestrators of this release, found as the host finds them.</summary>
public static class ShippedOrchestrators
{
    private static readonly JsonDataConverter Converter = new(new JsonSerializerOptions());

    private static readonly Dictionary<string, MethodInfo> Methods = typeof(TrainModel).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Where(method => method.GetParameters().Any(p => p.GetCustomAttribute<OrchestrationTriggerAttribute>() is not null))
        .ToDictionary(method => method.GetCustomAttribute<FunctionAttribute>()?.Name ?? method.Name);

    public static IEnumerable<string> Names => Methods.Keys;

    /// <summary>In what today's code differs from a recorded history; null when it repeats it.</summary>
    public static string? FindDifference(HistoryRecording recording) => OrchestrationReplayer.FindDifference(
        recording, context => RunAsync(Methods[recording.Name], context), Converter);

    private static async Task<object?> RunAsync(MethodInfo orchestrator, TaskOrchestrationContext context)
    {
        var task = (Task)(orchestrator.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [context], null)
            ?? throw new InvalidOperationException($"{orchestrator.Name} returned no task."));
        await task;
        return task.GetType().GetProperty(nameof(Task<object>.Result))?.GetValue(task);
    }
}
