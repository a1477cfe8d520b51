using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>Some rows of a table that is larger than a measurement needs.</summary>
internal static class RowSample
{
    /// <summary>
    /// Rows by their hashes, so that the choice does not depend on the order of files; spread over all classes in their own shares, so that no sample lacks one.
    /// </summary>
    public static LabeledTable Sample(this LabeledTable table, int count)
    {
        if (table.RowCount <= count)
        {
            return table;
        }

        var strata = Enumerable.Range(0, table.RowCount).GroupBy(r => table.Task == LearningTask.Regression ? 0 : table.Labels[r]);
        return table.Take([.. strata.SelectMany(rows =>
            rows.OrderBy(r => table.RowHashes[r]).ThenBy(r => r).Take(Math.Max(1, (int)((long)rows.Count() * count / table.RowCount)))).Order()]);
    }
}
