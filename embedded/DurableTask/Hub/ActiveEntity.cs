using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Embedded.DurableTask;

/// <summary>An entity that has something to do, or that waits for its lock to be given back. Guarded by the dispatcher's lock.</summary>
internal sealed class ActiveEntity(string entityId)
{
    public string EntityId => entityId;

    /// <summary>What has arrived and is not carried out, in the order of arrival.</summary>
    public List<EntityMail> Inbox { get; } = [];

    /// <summary>As it is in the store; null when that is not known.</summary>
    public EntityRow? Row { get; set; }

    /// <summary>Waits for its turn or has it.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Something has arrived since its turn began.</summary>
    public bool IsWoken { get; set; }

    /// <summary>Turns in a row that could not be run or stored.</summary>
    public int Faults { get; set; }
}
