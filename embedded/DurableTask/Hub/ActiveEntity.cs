using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Embedded.DurableTask;

/// <summary>An entity that has something to do, or that waits for its lock to be given back. Guarded by the dispatcher's lock.</summary>
internal sealed class ActiveEntity(string entityId)
{
    public string EntityId => entityId;

    /// <summary>What has arrived since its turn began.</summary>
    public List<EntityMail> Arrived { get; } = [];

    /// <summary>What had arrived before and is not carried out. Of the turn in hand, while there is one.</summary>
    public EntityInbox Inbox { get; } = new();

    /// <summary>As it is in the store; null when that is not known.</summary>
    public EntityRow? Row { get; set; }

    /// <summary>Waits for its turn or has it.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Turns in a row that could not be run or stored.</summary>
    public int Faults { get; set; }
}
