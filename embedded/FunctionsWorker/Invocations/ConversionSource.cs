using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.DurableTask;
using Serverless.Embedded.FunctionsWorker.Timers;

namespace Serverless.Embedded.FunctionsWorker.Invocations;

/// <summary>What a converter gets of a trigger: the text that the genuine host would send to its worker, or the thing itself where there is no text.</summary>
internal static class ConversionSource
{
    public static object? Of(Invocation invocation) => invocation.Payload switch
    {
        QueueMessage message => message.Body.ToString(),
        TimerInfo timer => TimerBindings.JsonOf(timer),
        ActivityWorkItem activity => activity.SerializedInput,
        HttpContext http => http.Request,
        var other => other,
    };
}

/// <summary>The keys of what a parameter's properties hold.</summary>
internal static class ConversionProperties
{
    public const string BindingAttribute = "bindingAttribute";

    public const string ConverterType = "converterType";
}
