using System.Diagnostics.CodeAnalysis;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Definitions;

/// <summary>What came of reading a definition: either the definition, or everything that is wrong with it.</summary>
/// <param name="Definition">The definition; null when there are refusals.</param>
/// <param name="Refusals">All of them, in the order of their lines; empty when there is a definition.</param>
public sealed record DefinitionResult(ModelDefinition? Definition, IReadOnlyList<Refusal> Refusals)
{
    [MemberNotNullWhen(true, nameof(Definition))]
    public bool IsAccepted => Definition is not null;
}
