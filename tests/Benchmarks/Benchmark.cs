namespace Serverless.Tests.Benchmarks;

/// <param name="Name">What it measures, as the command line knows it.</param>
/// <param name="Groups">What it is run with when one of these is asked for: names of <see cref="BenchmarkGroups"/>; with none it is run by its name only.</param>
/// <param name="RunAsync">Measures and checks what it measured; cleans up after itself.</param>
internal sealed record Benchmark(
    string Name, IReadOnlyList<string> Groups, Func<CancellationToken, Task<IReadOnlyList<Measurement>>> RunAsync)
{
    /// <summary>Whether it is meant by a word of the command line: its name, or a group of its own.</summary>
    public bool IsNamed(string word) => Groups.Append(Name).Contains(word, StringComparer.OrdinalIgnoreCase);
}

internal static class BenchmarkGroups
{
    /// <summary>What people see of the platform: from a dropped file to its result.</summary>
    public const string Platform = "platform";

    /// <summary>What the embedded host does with functions that do nothing themselves: engine, triggers, start and rest.</summary>
    public const string Durable = "durable";
}

/// <summary>What was to be measured did not come out right, so a figure for it would mean nothing.</summary>
internal sealed class BenchmarkFailedException(string message) : Exception(message);
