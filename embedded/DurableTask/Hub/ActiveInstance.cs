using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Embedded.DurableTask;

/// <summary>An instance that is in memory: its mail, and its execution as far as that is kept. Guarded by the dispatcher's lock.</summary>
internal sealed class ActiveInstance(long key, string instanceId)
{
    public long Key => key;

    public string InstanceId => instanceId;

    public InstancePhase Phase { get; set; } = InstancePhase.Idle;

    /// <summary>What has arrived and is not yet taken by an episode.</summary>
    public List<InboxMessage> Mail { get; set; } = [];

    /// <summary>An episode is wanted even without mail.</summary>
    public bool IsWoken { get; set; }

    public LoadedExecution? Loaded { get; set; }

    /// <summary>Turns in a row that could not be run or stored.</summary>
    public int Faults { get; set; }
}

internal enum InstancePhase
{
    Idle,

    /// <summary>Has mail, but not yet that which starts it, or mail or a version that this code does not know.</summary>
    NotStarted,

    /// <summary>Waits for its turn.</summary>
    Ready,

    /// <summary>Runs, or waits for its step to be stored.</summary>
    Running,

    /// <summary>Could not be run or stored, and waits to be tried again.</summary>
    Faulted,
}

/// <summary>An execution, and the length of its history in the store.</summary>
internal sealed record LoadedExecution(InstanceRow Row, OrchestrationExecution Execution, int HistoryLength)
{
    /// <summary>Why the code does not run this instance, when it is of a version that it was not written for.</summary>
    public FailureRecord? Mismatch { get; init; }
}
