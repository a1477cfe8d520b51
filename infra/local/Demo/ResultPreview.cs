namespace Serverless.Local.Demo;

/// <summary>The first rows of a result file as an aligned table: the first columns, and those that scoring added.</summary>
internal static class ResultPreview
{
    private const int InputColumns = 5;

    public static IEnumerable<string> Lines(CsvTable result, int rows)
    {
        string[] added = [ScoredFile.ScoreColumn, ScoredFile.DecisionColumn, ScoredFile.VersionColumn, ScoredFile.RefusalColumn];
        int[] shown = [
            .. Enumerable.Range(0, Math.Min(InputColumns, result.Columns.Count - added.Length)),
            .. added.Select(column => result.IndexOf(column))];
        var cells = result.Rows.Take(rows).Prepend(result.Columns)
            .Select(record => shown.Select(column => record[column]).ToList())
            .ToList();
        foreach (var line in cells)
            line.Insert(InputColumns, "…");
        var widths = Enumerable.Range(0, cells[0].Count).Select(column => cells.Max(line => line[column].Length)).ToList();
        return cells.Select(line => string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
