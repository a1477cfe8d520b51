namespace Serverless.Platform.Datasets;

/// <summary>The columns of a table.</summary>
/// <param name="Columns">Their names, in the file's order.</param>
/// <param name="Line">The line of the file where they stand; null where the format has no such line.</param>
public sealed record TableHeader(IReadOnlyList<string> Columns, long? Line)
{
    /// <summary>Where a column stands, from 0; −1: there is none of this name.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i] == column)
            {
                return i;
            }
        }

        return -1;
    }
}
