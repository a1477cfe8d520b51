namespace Serverless.Embedded.DurableTask;

/// <summary>One run of an activity. It may come more than once for the same instance and task, so activities are idempotent.</summary>
/// <param name="Name">The activity's name.</param>
/// <param name="InstanceId">The orchestration that called it.</param>
/// <param name="TaskId">The number of the task within that orchestration.</param>
/// <param name="SerializedInput">The input as the hub's converter wrote it; null for none.</param>
public sealed record ActivityWorkItem(string Name, string InstanceId, int TaskId, string? SerializedInput);
