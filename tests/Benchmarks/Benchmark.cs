namespace Serverless.Tests.Benchmarks;

/// <param name="Name">As <c>--filter</c> knows it.</param>
/// <param name="RunAsync">Measures and checks what it measured; cleans up after itself.</param>
internal sealed record Benchmark(string Name, Func<CancellationToken, Task<IReadOnlyList<Measurement>>> RunAsync);

/// <summary>What was to be measured did not come out right, so a figure for it would mean nothing.</summary>
internal sealed class BenchmarkFailedException(string message) : Exception(message);
