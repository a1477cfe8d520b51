using System.Globalization;

namespace Serverless.Local.Demo;

/// <summary>A result file, checked against the file that was dropped: the same rows in the same order, each scored or refused.</summary>
/// <param name="Auc">ROC AUC of the scored rows against the labels that were kept back.</param>
public sealed record ScoredFile(int Scored, int Refused, double Auc)
{
    public const string ScoreColumn = "score";
    public const string DecisionColumn = "decision";
    public const string VersionColumn = "model_version";
    public const string RefusalColumn = "refusal";

    /// <exception cref="InvalidDataException">The result isn't the dropped file's rows with their scores.</exception>
    public static ScoredFile Check(CsvTable dropped, IReadOnlyList<bool> labels, CsvTable result)
    {
        string[] expected = [.. dropped.Columns, ScoreColumn, DecisionColumn, VersionColumn, RefusalColumn];
        if (!result.Columns.SequenceEqual(expected))
        {
            throw new InvalidDataException(
                $"The result has the columns {string.Join(", ", result.Columns)}; {string.Join(", ", expected)} were expected.");
        }
        if (result.Rows.Count != dropped.Rows.Count)
            throw new InvalidDataException($"The result has {result.Rows.Count} rows; {dropped.Rows.Count} were dropped.");
        var (score, version, refusal) = (result.IndexOf(ScoreColumn), result.IndexOf(VersionColumn), result.IndexOf(RefusalColumn));
        List<(double, bool)> scored = [];
        foreach (var (index, row) in result.Rows.Index())
        {
            if (!row.Take(dropped.Columns.Count).SequenceEqual(dropped.Rows[index]))
                throw new InvalidDataException($"Row {index + 1} of the result is not row {index + 1} of the file that was dropped.");
            if (row[refusal].Length > 0)
                continue;
            if (!double.TryParse(row[score], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || row[version].Length == 0)
            {
                throw new InvalidDataException(
                    $"Row {index + 1} of the result has the score '{row[score]}' and the model version '{row[version]}', and no refusal; " +
                    "expected a number and a version, or a reason.");
            }
            scored.Add((value, labels[index]));
        }
        return new ScoredFile(scored.Count, result.Rows.Count - scored.Count, RocAuc.Of(scored));
    }
}
