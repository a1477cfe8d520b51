using Serverless.Platform.Datasets;

namespace Serverless.Platform.Scoring;

/// <summary>Finds the columns a model was learned from in a table to score: by name, in any order; others are left alone.</summary>
internal static class ColumnBinding
{
    /// <returns>For each expected column its index in <paramref name="table"/>.</returns>
    /// <exception cref="ArgumentException">A column is missing, stands twice, or is of the other kind; the message names every one.</exception>
    public static int[] Locate(FeatureTable table, IEnumerable<FeatureColumn> expected)
    {
        var (located, problem) = Find(table, expected);
        return problem is null
            ? located
            : throw new ArgumentException($"The rows do not fit the model: {problem}. Read them with the column kinds of the model's signature.", nameof(table));
    }

    /// <summary>Every reason why the columns cannot be found, in words; null when they can.</summary>
    public static string? FindMisfit(FeatureTable table, IEnumerable<FeatureColumn> expected) => Find(table, expected).Problem;

    private static (int[] Located, string? Problem) Find(FeatureTable table, IEnumerable<FeatureColumn> expected)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var problems = new List<string>();
        for (var i = 0; i < table.Columns.Count; i++)
        {
            if (!places.TryAdd(table.Columns[i].Name, i)) problems.Add($"column '{table.Columns[i].Name}' stands twice");
        }

        var located = new List<int>();
        foreach (var column in expected)
        {
            if (!places.TryGetValue(column.Name, out var place))
            {
                problems.Add($"column '{column.Name}' ({column.Kind}) is missing");
                continue;
            }

            // What is a word to one model may be a category to one made before it; both are the same string.
            var found = table.Columns[place].Kind;
            if (found != column.Kind && (found.IsNumeric() || column.Kind.IsNumeric()))
            {
                problems.Add($"column '{column.Name}' is {found}, expected {column.Kind}");
            }

            located.Add(place);
        }

        return ([.. located], problems.Count == 0 ? null : string.Join("; ", problems));
    }
}
