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
        List<string> words = [];
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--filter" when i + 1 < args.Length:
                    filter = args[++i];
                    break;
                case "--json" when i + 1 < args.Length:
                    json = args[++i];
                    break;
                case var word when !word.StartsWith('-'):
                    words.Add(word);
                    break;
                default:
                    answer = Usage(all);
                    return false;
            }
        }

        if (words.Find(word => !all.Any(benchmark => benchmark.IsNamed(word))) is { } unknown)
        {
            answer = $"There is no benchmark and no group '{unknown}'.\n{Usage(all)}";
            return false;
        }

        var chosen = all
            .Where(benchmark => words.Count == 0 ? benchmark.Groups.Count > 0 : words.Exists(benchmark.IsNamed))
            .Where(benchmark => filter is null || benchmark.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (chosen.Count == 0)
        {
            answer = $"No benchmark that was asked for has a name that contains '{filter}'.\n{Usage(all)}";
            return false;
        }

        options = new BenchmarkOptions(chosen, json);
        return true;
    }

    private static string Usage(IReadOnlyList<Benchmark> all)
    {
        var groups = all.SelectMany(benchmark => benchmark.Groups).Distinct().Select(group =>
            $"  {group,-15} {string.Join(", ", all.Where(benchmark => benchmark.Groups.Contains(group)).Select(benchmark => benchmark.Name))}");
        var alone = string.Join(", ", all.Where(benchmark => benchmark.Groups.Count == 0).Select(benchmark => benchmark.Name));
        return $"""
            Usage: ./dev bench [GROUP|NAME …] [--filter TEXT] [--json FILE]
              GROUP           those of a group, listed below; with no GROUP and no NAME: all of these
              NAME            one by its whole name
              --filter TEXT   of those, only the ones whose name contains TEXT
              --json FILE     writes the figures, each repetition's too, to a file as well
            Groups:
            {string.Join('\n', groups)}
            By name only, since it takes an hour: {alone}
            """;
    }
}
