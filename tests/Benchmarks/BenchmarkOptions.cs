using System.Diagnostics.CodeAnalysis;

namespace Serverless.Tests.Benchmarks;

/// <param name="Benchmarks">Those to run, in order.</param>
/// <param name="JsonFile">Where to write the figures as JSON too; null: nowhere.</param>
internal sealed record BenchmarkOptions(IReadOnlyList<Benchmark> Benchmarks, string? JsonFile)
{
    /// <summary>Gives the options, or else an answer for the person who typed the arguments.</summary>
    public static bool TryParse(
        string[] args, IReadOnlyList<Benchmark> all, [NotNullWhen(true)] out BenchmarkOptions? options, [NotNullWhen(false)] out string? answer)
    {
        (options, answer) = (null, null);
        string? filter = null, json = null;
        for (var i = 0; i < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--filter" when i + 1 < args.Length:
                    filter = args[i + 1];
                    break;
                case "--json" when i + 1 < args.Length:
                    json = args[i + 1];
                    break;
                default:
                    answer = Usage(all);
                    return false;
            }
        }

        var chosen = all.Where(b => filter is null || b.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)).ToList();
        if (chosen.Count == 0)
        {
            answer = $"No benchmark's name contains '{filter}'.\n{Usage(all)}";
            return false;
        }

        options = new BenchmarkOptions(chosen, json);
        return true;
    }

    private static string Usage(IReadOnlyList<Benchmark> all) =>
        $"""
        Usage: ./dev bench [--filter NAME] [--json FILE]
          --filter NAME   only those whose name contains NAME; there are: {string.Join(", ", all.Select(b => b.Name))}
          --json FILE     writes the figures, each repetition's too, to a file as well
        """;
}
