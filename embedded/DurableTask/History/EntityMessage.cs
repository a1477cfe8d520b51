using System.Text.Json.Serialization;

namespace Serverless.Embedded.DurableTask.History;

/// <summary>What arrives for an entity. The names in JSON are a storage format: members may be added, none may be renamed or removed.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "message")]
[JsonDerivedType(typeof(EntityOperation), "operation")]
[JsonDerivedType(typeof(EntityLock), "lock")]
[JsonDerivedType(typeof(EntityRelease), "release")]
internal abstract record EntityMessage;

/// <summary>An operation to be carried out; <paramref name="Caller"/> waits for its result, null when nobody does.</summary>
internal sealed record EntityOperation(string Name, string? Input, EntityCaller? Caller) : EntityMessage;

/// <summary>
/// A request of <paramref name="Caller"/> for locks. It stands in line at the entity at <paramref name="Position"/> of
/// <paramref name="EntityIds"/>; when it has that lock it goes on to the next, and after the last one the caller is told.
/// </summary>
internal sealed record EntityLock(EntityCaller Caller, IReadOnlyList<string> EntityIds, int Position) : EntityMessage;

/// <summary>The lock that <paramref name="Holder"/> has is given back; without effect when it does not have it.</summary>
internal sealed record EntityRelease(EntityCaller Holder) : EntityMessage;

/// <summary>The task of an orchestration that waits for an entity or has it locked.</summary>
internal sealed record EntityCaller(long Key, string InstanceId, int Execution, int TaskId)
{
    public bool IsOfSameExecution(EntityCaller? other) => other is not null && Key == other.Key && Execution == other.Execution;
}
