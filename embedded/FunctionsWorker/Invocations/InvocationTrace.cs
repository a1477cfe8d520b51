using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Embedded.FunctionsWorker.Invocations;

/// <summary>The W3C trace context of an invocation: that of the activity it runs in, else the caller's, else one of its own.</summary>
internal sealed class InvocationTrace : TraceContext
{
    private InvocationTrace(string parent, string state, IReadOnlyDictionary<string, string> baggage)
    {
        TraceParent = parent;
        TraceState = state;
        Baggage = baggage;
    }

    public override string TraceParent { get; }

    public override string TraceState { get; }

    public override IReadOnlyDictionary<string, string> Baggage { get; }

    public static InvocationTrace Of(Activity? activity, HttpRequest? request)
    {
        if (activity is { Id: { } id, IdFormat: ActivityIdFormat.W3C })
            return new InvocationTrace(id, activity.TraceStateString ?? "", BaggageOf(activity));
        if (request is not null && ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, out _))
            return new InvocationTrace(request.Headers.TraceParent.ToString(), request.Headers.TraceState.ToString(), NoBaggage);
        return new InvocationTrace($"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00", "", NoBaggage);
    }

    private static IReadOnlyDictionary<string, string> NoBaggage { get; } = new Dictionary<string, string>();

    private static Dictionary<string, string> BaggageOf(Activity activity)
    {
        var baggage = new Dictionary<string, string>();
        // The innermost entry of a name comes first.
        foreach (var (name, value) in activity.Baggage)
            baggage.TryAdd(name, value ?? "");
        return baggage;
    }
}
