using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Serverless.Tests.Chaos.Crashes;

namespace Serverless.Tests.Chaos;

/// <summary>What is typed after ./dev chaos.</summary>
internal static class ChaosArguments
{
    private const int DefaultKills = 200;

    /// <summary>Gives the options, or else an answer for the person who typed the arguments.</summary>
    public static bool TryParse(string[] args, [NotNullWhen(true)] out CrashOptions? options, [NotNullWhen(false)] out string? answer)
    {
        (options, answer) = (null, null);
        var (kills, seed, load) = (DefaultKills, Random.Shared.Next(), LoadKind.All);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            if (!(args[i] switch
            {
                "--kills" => int.TryParse(value, CultureInfo.InvariantCulture, out kills) && kills > 0,
                "--seed" => int.TryParse(value, CultureInfo.InvariantCulture, out seed),
                "--load" => TryParseLoad(value, out load),
                _ => false,
            }))
            {
                answer = $"'{string.Join(' ', args.Skip(i).Take(2))}' is no option. {Usage}";
                return false;
            }
        }

        options = new CrashOptions { Kills = kills, Seed = seed, Load = load };
        return true;
    }

    private static bool TryParseLoad(string names, out IReadOnlyList<LoadKind> load)
    {
        var wanted = names.Split(',', StringSplitOptions.TrimEntries);
        load = [.. LoadKind.All.Where(kind => wanted.Contains(kind.Name))];
        return load.Count == wanted.Length;
    }

    private static string Usage =>
        $"""
        Usage: ./dev chaos [--kills N] [--seed S] [--load KIND,…]
          --kills N      how often the process is killed; {DefaultKills} unless given
          --seed S       draws the same moments and the same load as the run that printed this seed
          --load KIND,…  what the process works on; all of these unless given: {string.Join(", ", LoadKind.All.Select(kind => kind.Name))}
        """;
}
