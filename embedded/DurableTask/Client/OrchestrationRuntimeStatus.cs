namespace Microsoft.DurableTask.Client;

public enum OrchestrationRuntimeStatus
{
    Running,
    Completed,

    [Obsolete("Never used; it keeps the numbering.")]
    ContinuedAsNew,
    Failed,

    [Obsolete("Never used; it keeps the numbering.")]
    Canceled,
    Terminated,
    Pending,
    Suspended,
}
