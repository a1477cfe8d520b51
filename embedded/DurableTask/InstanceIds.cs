using System.Runtime.CompilerServices;

namespace Serverless.Embedded.DurableTask;

/// <summary>Which instance ids are valid: those that the Azure Functions host takes.</summary>
internal static class InstanceIds
{
    public const int MaxLength = 256;

    public static void ThrowIfInvalid(string instanceId, [CallerArgumentExpression(nameof(instanceId))] string? argument = null)
    {
        if (instanceId.StartsWith('@'))
            throw new ArgumentException($"The instance id '{instanceId}' begins with '@', which is kept for entities. Choose another first character.", argument);
        if (instanceId.Any(c => c is '/' or '\\' or '#' or '?' || char.IsControl(c)))
            throw new ArgumentException($"The instance id '{instanceId}' has one of / \\ # ? or a control character. Leave them out.", argument);
        WellFormedText.ThrowIfNot(instanceId, "instance id", argument);
        if (instanceId.Length > MaxLength)
            throw new ArgumentException($"The instance id has {instanceId.Length} characters; at most {MaxLength} are allowed. Use a hash of it.", argument);
    }
}
