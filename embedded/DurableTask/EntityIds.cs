using System.Runtime.CompilerServices;
using Microsoft.DurableTask.Entities;

namespace Serverless.Embedded.DurableTask;

/// <summary>Which entity ids are valid.</summary>
internal static class EntityIds
{
    public static void ThrowIfInvalid(EntityInstanceId id, [CallerArgumentExpression(nameof(id))] string? argument = null)
    {
        if (id == default)
            throw new ArgumentException("The entity's id is the default one, which names no entity. Make one with new EntityInstanceId(name, key).", argument);
        WellFormedText.ThrowIfNot(id.Name, "entity's name", argument);
        WellFormedText.ThrowIfNot(id.Key, "entity's key", argument);
    }
}
