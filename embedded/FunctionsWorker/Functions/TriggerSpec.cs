using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Blobs;
using Serverless.Embedded.FunctionsWorker.Timers;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>What starts a function, with its attribute's settings resolved and checked.</summary>
/// <param name="Type">The binding's type as in function.json.</param>
internal abstract record TriggerSpec(string Type);

/// <param name="Queue">The queue's name.</param>
/// <param name="Connection">The app setting of the connection string; null for the host's own account.</param>
/// <param name="MessageType">The type of the parameter that takes the message.</param>
internal sealed record QueueTriggerSpec(string Queue, string? Connection, Type MessageType) : TriggerSpec("queueTrigger");

internal sealed record BlobTriggerSpec(BlobPattern Pattern, string? Connection) : TriggerSpec("blobTrigger")
{
    /// <summary>Whether its source is Event Grid, which no host without an address on the internet is called by: the container is scanned instead.</summary>
    public bool WantsEvents { get; init; }
}

internal sealed record TimerTriggerSpec(TimerSchedule Schedule, bool Monitored, bool RunOnStartup) : TriggerSpec("timerTrigger");

/// <param name="Route">With the route prefix, without a slash in front.</param>
/// <param name="Methods">Upper case; empty for all.</param>
/// <param name="Level">What a request must carry.</param>
internal sealed record HttpTriggerSpec(string Route, IReadOnlyList<string> Methods, AuthorizationLevel Level) : TriggerSpec("httpTrigger");

internal sealed record OrchestrationTriggerSpec(string Name) : TriggerSpec("orchestrationTrigger");

internal sealed record EntityTriggerSpec(string Name) : TriggerSpec("entityTrigger");

internal sealed record ActivityTriggerSpec(string Name) : TriggerSpec("activityTrigger");
