namespace Serverless.Platform.Definitions;

/// <summary>Which known name a misspelled one was probably meant to be.</summary>
internal static class NearestName
{
    private const int LongestCompared = 64;

    /// <summary>The known name fewest edits away, if that is at most a third of its length (and at least one); else null.</summary>
    public static string? Of(string found, IEnumerable<string> known)
    {
        if (found.Length > LongestCompared)
        {
            return null;
        }

        var nearest = known
            .Select(name => (Name: name, Edits: Edits(Fold(found), Fold(name))))
            .OrderBy(candidate => candidate.Edits)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.Name is { } best && nearest.Edits <= Math.Max(1, best.Length / 3) ? best : null;
    }

    private static string Fold(string name) => name.ToLowerInvariant().Replace('_', '-');

    /// <summary>Levenshtein's distance.</summary>
    private static int Edits(string from, string to)
    {
        var previous = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var current = new int[to.Length + 1];
            current[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[to.Length];
    }
}
