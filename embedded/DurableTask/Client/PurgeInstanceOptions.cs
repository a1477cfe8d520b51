namespace Microsoft.DurableTask.Client;

/// <summary>How instances are purged.</summary>
/// <param name="Recursive">Whether the finished sub-orchestrations are purged with them.</param>
public record PurgeInstanceOptions(bool Recursive = false);
