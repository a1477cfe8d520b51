using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function for the operations of a kind of entity; the parameter is a <see cref="TaskEntityDispatcher"/>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EntityTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The name of the kind of entity, letter case aside; the function's name unless set.</summary>
    public string? EntityName { get; set; }
}
