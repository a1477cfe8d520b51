using Serverless.Platform.Datasets;
using Serverless.Platform.Scoring;
using Serverless.Platform.Training;

namespace Serverless.Platform.Evaluation;

/// <summary>Finds what a model leans on, on held-out rows.</summary>
public static class ModelImportance
{
    /// <summary>Exact contributions take about a millisecond a row for some hundred trees; the mean over so many rows is steady to about six percent.</summary>
    public const int MostExplained = 300;

    private const int MostEffects = 8;

    /// <param name="session">The model's graph, which columns are shuffled in front of.</param>
    /// <param name="learner">Its learner, which the contributions are asked of.</param>
    /// <param name="heldOut">Held-out rows that can be evaluated on.</param>
    /// <param name="metric">The metric that shuffling is measured by, one of the task's.</param>
    /// <param name="seed">The same seed gives the same report.</param>
    /// <param name="cancellationToken">Checked between batches of rows.</param>
    public static ImportanceReport Of(
        ModelSession session, LearnerFiles learner, LabeledTable heldOut, string metric, int seed, CancellationToken cancellationToken)
    {
        var (used, trees) = ModelContributions.SplitsOf(learner, session.Signature);
        var (rows, repeats) = PermutationImportance.PlanFor(heldOut.RowCount, used.Count, trees);
        var permuted = heldOut.Sample(rows);
        var losses = PermutationImportance.Of(session, permuted, used, repeats, metric, seed, cancellationToken);
        var explained = heldOut.Sample(MostExplained);
        var contributions = ModelContributions.Of(learner, session.Signature, explained.Features, cancellationToken);
        var columns = session.Signature.Columns.Select((c, place) =>
        {
            double[][] margins = [.. Enumerable.Range(0, contributions.Width).Select(m =>
                Enumerable.Range(0, explained.RowCount).Select(row => (double)contributions[row, place, m]).ToArray())];
            return new ColumnImportance(
                c.Name, losses[c.Name].Loss, losses[c.Name].StandardError, margins.Average(m => m.Average(Math.Abs)),
                Effects(explained.Features, c.Name, margins, session.Signature.Classes));
        });
        return new ImportanceReport(
            metric, permuted.RowCount, repeats, explained.RowCount, contributions.ExpectedMargin, contributions.AdditivityError,
            [.. columns.OrderByDescending(c => c.Contribution).ThenBy(c => c.Column, StringComparer.Ordinal)]);
    }

    private static ValueEffect[] Effects(FeatureTable table, string name, double[][] margins, IReadOnlyList<string>? classes)
    {
        var groups = SliceEvaluation.Groups(table.Groups(table.Columns.Select(c => c.Name).ToList().IndexOf(name)));
        return [.. margins.SelectMany((margin, m) => groups.Select(g => new ValueEffect(g.Group, g.Rows.Length, g.Rows.Average(r => margin[r]), classes?[m])))
            .OrderByDescending(e => Math.Abs(e.Contribution)).ThenBy(e => e.Values, StringComparer.Ordinal).ThenBy(e => e.Class, StringComparer.Ordinal)
            .Take(MostEffects)];
    }
}
