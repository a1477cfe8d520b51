namespace Microsoft.DurableTask.Entities;

/// <summary>How an entity is called. There is nothing to choose.</summary>
public record CallEntityOptions;

/// <summary>How an entity is signalled.</summary>
public record SignalEntityOptions
{
    /// <summary>When the signal arrives; null or a time past means at once.</summary>
    public DateTimeOffset? SignalTime { get; init; }
}
