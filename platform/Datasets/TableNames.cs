using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>Whether a table's columns can be told apart by their names.</summary>
internal static class TableNames
{
    /// <summary>What is wrong with them; null: nothing.</summary>
    /// <param name="names">The names, in the file's order.</param>
    /// <param name="line">The line where they stand; null where the format has no such line.</param>
    public static Refusal? Check(IReadOnlyList<string> names, long? line)
    {
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Count; i++)
        {
            var name = names[i];
            if (string.IsNullOrWhiteSpace(name))
            {
                return new Refusal($"Column {i + 1} of the header has no name; expected a name for each column.", "Name the column, or remove it.", Line: line);
            }

            if (name.Any(char.IsControl))
            {
                return new Refusal(
                    $"The name of column {i + 1} holds a line break or another control character; expected plain text.",
                    "Rename the column; if the header is data, add a header.", Line: line);
            }

            if (!places.TryAdd(name, i))
            {
                var other = names[places[name]];
                var how = other == name ? $"are both called '{ValueExcerpt.Of(name)}'" : $"are called '{ValueExcerpt.Of(other)}' and '{ValueExcerpt.Of(name)}', which differ only in case";
                return new Refusal($"Columns {places[name] + 1} and {i + 1} {how}; expected distinct names.", "Rename one of the two.", Column: name, Line: line);
            }
        }

        return null;
    }
}
