using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Timers;

/// <summary>What a timer-triggered function's parameter is made from.</summary>
internal static class TimerBindings
{
    public const string Expected = "TimerInfo, string, or a class of one's own with IsPastDue and ScheduleStatus";

    public static ParameterBinding? For(Type type)
    {
        if (type == typeof(TimerInfo) || type == typeof(object))
            return invocation => new(invocation.Payload);
        if (type == typeof(string))
            return invocation => new(JsonOf((TimerInfo)invocation.Payload));
        if (!type.IsClass || type.IsAbstract)
            return null;
        return invocation => new(invocation.Serializer.Deserialize(JsonOf((TimerInfo)invocation.Payload), type));
    }

    /// <summary>What the genuine host sends to its worker.</summary>
    public static string JsonOf(TimerInfo timer) => JsonSerializer.Serialize(new
    {
        Schedule = new { AdjustForDST = true },
        timer.ScheduleStatus,
        timer.IsPastDue,
    });
}
