namespace Microsoft.DurableTask;

/// <summary>Which call of an activity this is.</summary>
public abstract class TaskActivityContext
{
    /// <summary>The activity's name.</summary>
    public abstract TaskName Name { get; }

    /// <summary>The orchestration that called it.</summary>
    public abstract string InstanceId { get; }

    /// <summary>The activity's version; empty where it has none.</summary>
    public virtual string Version => string.Empty;
}
