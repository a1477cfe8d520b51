using Azure;

namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>Says in one line what a storage call failed with, for logs that repeat while storage is away.</summary>
internal static class StorageFault
{
    public static string Describe(Exception fault)
    {
        // After several tries the SDK gives one failure for each; the last is the present one.
        var last = fault is AggregateException { InnerExceptions.Count: > 0 } several ? several.InnerExceptions[^1] : fault;
        return last is RequestFailedException { Status: > 0 } answered
            ? $"{answered.Status} {answered.ErrorCode}"
            : $"{last.GetBaseException().GetType().Name}: {last.GetBaseException().Message.Split('\n')[0].TrimEnd()}";
    }
}
