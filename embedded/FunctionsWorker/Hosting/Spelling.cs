namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>Finds what somebody meant to write.</summary>
internal static class Spelling
{
    /// <summary>The name most like the text, letter case aside, and by how many letters they differ; null where there are no names.</summary>
    public static (string Name, int Distance)? Nearest(string text, IEnumerable<string> names) =>
        names.Select(name => ((string Name, int Distance)?)(name, Distance(name.ToUpperInvariant(), text.ToUpperInvariant()))).MinBy(candidate => candidate!.Value.Distance);

    /// <summary>How many letters must be put in, left out or changed to make one text of the other (Levenshtein).</summary>
    public static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 0; i < one.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < other.Length; j++)
            {
                var changed = diagonal + (one[i] == other[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(changed, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
