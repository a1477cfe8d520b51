namespace Microsoft.DurableTask;

/// <summary>Marks a class that is an orchestrator, an activity or an entity, for source generators that make functions of such classes.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class DurableTaskAttribute(string? name = null) : Attribute
{
    /// <summary>The task's name; the class's when not given.</summary>
    public TaskName Name { get; } = string.IsNullOrEmpty(name) ? default : new TaskName(name);

    /// <summary>The task's version; null for none.</summary>
    public string? Version { get; set; }
}

/// <summary>Marks the type of an event's data, for source generators that make typed methods to send and to await it.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = false, Inherited = false)]
public sealed class DurableEventAttribute(string? name = null) : Attribute
{
    /// <summary>The event's name; the type's when not given.</summary>
    public TaskName Name { get; } = string.IsNullOrEmpty(name) ? default : new TaskName(name);
}
