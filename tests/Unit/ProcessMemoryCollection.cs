namespace Serverless.Tests.Unit;

/// <summary>Tests that measure the process's memory run alone: others would have their part in the figure.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessMemoryCollection
{
    public const string Name = "process memory";
}
