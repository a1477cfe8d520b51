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

    /// <summary>None of its code is run until the hub is opened anew: it is of a version that is not run, or has what cannot be read.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Turns in a row that could not be run or stored.</summary>
    public int Faults { get; set; }

    /// <summary>Whether mail makes an instance run that has not begun, or, when it is held, ends it.</summary>
    public bool IsBegunBy(InboxMessage message) => message.Event is ExecutionTerminated || (message.Event is ExecutionStarted && !IsHeld);
}

internal enum InstancePhase
{
    Idle,

    /// <summary>Has mail, but not yet that which starts it, or, when it is held, ends it.</summary>
    NotStarted,

    /// <summary>Waits for its turn.</summary>
    Ready,

    /// <summary>Runs, or waits for its step to be stored.</summary>
    Running,

    /// <summary>Could not be run or stored, and waits to be tried again.</summary>
    Faulted,
}

/// <summary>An execution, and the length of its history in the store.</summary>
internal sealed record LoadedExecution(InstanceRow Row, OrchestrationExecution Execution, int HistoryLength);
