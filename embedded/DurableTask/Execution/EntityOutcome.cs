using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Execution;

/// <summary>What a batch's operations did: a result for each, the state after the last, and what those that succeeded sent.</summary>
internal sealed record EntityOutcome(
    IReadOnlyList<EntityResult> Results, string? State, IReadOnlyList<EntitySignal> Signals, IReadOnlyList<EntityStart> Starts)
{
    /// <summary>All operations fail for one reason, and nothing changes.</summary>
    public static EntityOutcome Failed(EntityBatch batch, string? state, FailureRecord failure) =>
        new([.. batch.Operations.Select(_ => new EntityResult(null, failure))], state, [], []);
}

/// <summary>An operation's serialised result, or why it failed.</summary>
internal sealed record EntityResult(string? Output, FailureRecord? Failure);

internal sealed record EntitySignal(string EntityId, string Operation, string? Input, DateTime? At);

internal sealed record EntityStart(string InstanceId, string Name, string Version, string? Input, DateTime? At);
