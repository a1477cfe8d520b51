using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Microsoft.DurableTask.Entities;

namespace Microsoft.DurableTask.Client.Entities;

/// <summary>What is known of an entity.</summary>
[JsonConverter(typeof(EntityMetadataConverter))]
public class EntityMetadata<TState>
{
    private readonly TState? _state;

    public EntityMetadata(EntityInstanceId id)
    {
        if (id == default)
            throw new ArgumentException("The entity's id is the default one, which names no entity.", nameof(id));
        Id = id;
    }

    public EntityMetadata(EntityInstanceId id, TState? state)
        : this(id)
    {
        IncludesState = state is not null;
        _state = state;
    }

    public EntityInstanceId Id { get; }

    /// <summary>When it last carried out operations or changed its lock.</summary>
    public DateTimeOffset LastModifiedTime { get; init; }

    /// <summary>How many operations wait for it.</summary>
    public int BacklogQueueSize { get; init; }

    /// <summary>The id of the orchestration that has it locked; null when none has.</summary>
    public string? LockedBy { get; init; }

    [MemberNotNullWhen(true, nameof(State))]
    [MemberNotNullWhen(true, nameof(_state))]
    public bool IncludesState { get; }

    /// <exception cref="InvalidOperationException">The state was not fetched, or there is none.</exception>
    public TState State => IncludesState
        ? _state
        : throw new InvalidOperationException($"The state of entity '{Id}' was not fetched, or it has none: {nameof(IncludesState)} is false. Fetch it with includeState: true.");
}

/// <summary>What is known of an entity, its state as it is stored.</summary>
[JsonConverter(typeof(EntityMetadataConverter))]
public sealed class EntityMetadata(EntityInstanceId id, SerializedData? state = null) : EntityMetadata<SerializedData>(id, state)
{
}
