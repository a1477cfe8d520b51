using System.Globalization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Evaluation;

/// <summary>The held-out rows on which a candidate and the champion can be compared: those that the champion did not learn from.</summary>
/// <param name="Rows">The rows; all of them where none was left out.</param>
/// <param name="LeftOut">The rows left out; null: none.</param>
/// <param name="Shortage">Why the rest is too little to compare on; null when it is not.</param>
public sealed record ComparableRows(LabeledTable Rows, LeftOutRows? LeftOut, string? Shortage)
{
    /// <summary>On fewer rows a comparison says next to nothing, where rows had to be left out.</summary>
    public const int LeastRows = 100;

    /// <param name="heldOut">The held-out rows of the candidate.</param>
    /// <param name="learned">For each of them whether the champion learned from it.</param>
    /// <param name="dataset">The dataset version that the champion was trained on.</param>
    /// <param name="columns">How many columns tell that two rows are the same, the target apart.</param>
    public static ComparableRows Of(LabeledTable heldOut, IReadOnlyList<bool> learned, string dataset, int columns)
    {
        int[] rest = [.. Enumerable.Range(0, heldOut.RowCount).Where(row => !learned[row])];
        if (rest.Length == heldOut.RowCount) return new ComparableRows(heldOut, null, null);
        var left = heldOut.RowCount - rest.Length;
        var reason = string.Create(
            CultureInfo.InvariantCulture,
            $"{left} of {heldOut.RowCount} held-out rows are left out for both: in the target and the {columns} features that both datasets have they equal rows of dataset {dataset} that the champion was trained on.");
        var rows = heldOut.Take(rest);
        return new ComparableRows(rows, new LeftOutRows(left, reason), FindShortage(heldOut, rows) is { } shortage ? $"{reason} {shortage}" : null);
    }

    private static string? FindShortage(LabeledTable heldOut, LabeledTable rows)
    {
        if (rows.RowCount < LeastRows) return string.Create(CultureInfo.InvariantCulture, $"That leaves {rows.RowCount} to compare on; at least {LeastRows} are needed.");
        var lacking = heldOut.Task != LearningTask.Regression && rows.Labels.Distinct().Count() < heldOut.Labels.Distinct().Count();
        return lacking || ModelEvaluator.Check(rows.Task, rows.Labels) is not null
            ? string.Create(CultureInfo.InvariantCulture, $"The {rows.RowCount} that remain to compare on lack one of the target's classes.")
            : null;
    }
}
