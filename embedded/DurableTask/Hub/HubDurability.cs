namespace Serverless.Embedded.DurableTask;

/// <summary>What a task hub's acknowledged work survives. Neither loses it when the process is killed, and neither leaves a broken file behind.</summary>
public enum HubDurability
{
    /// <summary>The end of the process, however sudden. When the machine loses power, the last moments before may be lost.</summary>
    ProcessCrash,

    /// <summary>The loss of power too: each commit is flushed to the disk before it is acknowledged.</summary>
    PowerLoss,
}
