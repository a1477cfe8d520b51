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
        var (intercept, scale) = LineOf(session.Signature.Calibration);
        var columns = session.Signature.Columns.Select((c, place) =>
        {
            double[][] margins = [.. Enumerable.Range(0, contributions.Width).Select(m =>
                Enumerable.Range(0, explained.RowCount).Select(row => scale * contributions[row, place, m]).ToArray())];
            return new ColumnImportance(
                c.Name, losses[c.Name].Loss, losses[c.Name].StandardError, margins.Average(m => m.Average(Math.Abs)),
                Effects(explained.Features, c, margins, session.Signature.Classes));
        });
        return new ImportanceReport(
            metric, permuted.RowCount, repeats, explained.RowCount, intercept + (scale * contributions.ExpectedMargin), contributions.AdditivityError,
            [.. columns.OrderByDescending(c => c.Contribution).ThenBy(c => c.Column, StringComparer.Ordinal)]);
    }

    /// <summary>A calibration that is a line moves contributions with the log-odds; one with bends has no contributions of its own, and they stay those of the margin before it.</summary>
    private static (double Intercept, double Scale) LineOf(Calibration? calibration) =>
        calibration is { Bends.Count: 0 } line ? (line.Intercept, line.Slope) : (0, 1);

    private static ValueEffect[] Effects(FeatureTable table, SignatureColumn column, double[][] margins, IReadOnlyList<string>? classes)
    {
        var place = table.Columns.Select(c => c.Name).ToList().IndexOf(column.Name);
        IReadOnlyList<(string Group, int[] Rows)> groups = column.Words is { } words ? Texts(table.Categories(place), words) : SliceEvaluation.Groups(table.Groups(place));
        // What all rows have in common raises or lowers none of them.
        if (groups.Count(g => g.Group != SliceEvaluation.SmallGroups) < 2) return [];
        return [.. margins.SelectMany((margin, m) => groups.Select(g => new ValueEffect(g.Group, g.Rows.Length, g.Rows.Average(r => margin[r]), classes?[m])))
            .OrderByDescending(e => Math.Abs(e.Contribution)).ThenBy(e => e.Values, StringComparer.Ordinal).ThenBy(e => e.Class, StringComparer.Ordinal)
            .Take(MostEffects)];
    }

    /// <summary>Rows by the words that their texts have: a row is in as many of these groups as it has words. Words of few rows are left out.</summary>
    private static List<(string Group, int[] Rows)> Texts(string[] texts, TextWords words)
    {
        var forms = words.Forms();
        var rows = words.Words.Select(_ => new List<int>()).ToArray();
        foreach (var (row, text) in texts.Index())
        {
            foreach (var place in TextWords.PlacesIn(text, forms)) rows[place].Add(row);
        }

        return [.. words.Words.Zip(rows).Where(w => w.Second.Count >= SliceEvaluation.LeastRows).Select(w => ($"has '{w.First}'", w.Second.ToArray()))];
    }
}
