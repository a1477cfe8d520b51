using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Timers;

/// <summary>What a timer-triggered function's parameter is made from.</summary>
internal static class TimerBindings
{
    public const string Expected = "TimerInfo or string";

    public static ParameterBinding? For(Type type)
    {
        if (type == typeof(TimerInfo) || type == typeof(object))
            return invocation => new(invocation.Payload);
        if (type == typeof(string))
            return invocation => new(JsonSerializer.Serialize((TimerInfo)invocation.Payload));
        return null;
    }
}
