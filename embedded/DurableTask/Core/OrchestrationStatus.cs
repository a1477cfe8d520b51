namespace DurableTask.Core;

/// <summary>How an orchestration stands. The names and numbers are those of the Durable Task Framework.</summary>
public enum OrchestrationStatus
{
    Running,
    Completed,
    ContinuedAsNew,
    Failed,
    Canceled,
    Terminated,
    Pending,
    Suspended,
}
