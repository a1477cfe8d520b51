using Serverless.Platform.Datasets;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Evaluation;

/// <summary>
/// What it costs to lose a raw column: it is shuffled among held-out rows, the rows are scored through the deployed graph, and the metric is compared
/// (Breiman, Machine Learning 45, 2001; for any model Fisher, Rudin, Dominici, JMLR 20, 2019). Columns that say the same share what they are worth.
/// </summary>
internal static class PermutationImportance
{
    public const int MostRepeats = 10;
    public const int LeastRows = 1_000;
    public const int MostRows = 5_000;

    private const int MostResamples = 200;
    private const int LeastResamples = 50;

    // Weighted rows that are measured in all, for the standard errors: some tenths of a second on one core at most.
    private const double MeasureBudget = 20e6;

    // Rows times the trees that each goes through, in all: about a quarter of a second on one core.
    private const double VisitBudget = 20e6;

    // Values scored in all: of thousands of columns, handing them over takes longer than the trees do.
    private const double ValueBudget = 600e6;

    /// <summary>
    /// How many rows are shuffled, and how often each column, for a table of this size and a model of so many trees. Another row says more than another shuffle of
    /// the same rows, since it has another shuffled value too: columns are shuffled again only when there are no more rows.
    /// </summary>
    public static (int Rows, int Repeats) PlanFor(int rows, int columns, int trees)
    {
        var (shuffled, visits) = (Math.Max(columns, 1.0), Math.Max(columns, 1.0) * Math.Max(trees, 1));
        var scored = Math.Min(VisitBudget / visits, ValueBudget / (shuffled * shuffled));
        var taken = (int)Math.Min(rows, Math.Clamp(scored, LeastRows, MostRows));
        return (taken, (int)Math.Clamp(scored / Math.Max(taken, 1), 1, MostRepeats));
    }

    /// <param name="session">The model.</param>
    /// <param name="rows">Held-out rows that can be evaluated on.</param>
    /// <param name="used">The columns that the learner looks at. To lose any other costs nothing, so these are not shuffled.</param>
    /// <param name="repeats">How often each column is shuffled.</param>
    /// <param name="metric">A metric of the model's task.</param>
    /// <param name="seed">The same seed gives the same shuffles.</param>
    /// <param name="cancellationToken">Checked between batches of rows.</param>
    /// <returns>
    /// For each column of the model by how much the metric gets worse, the mean over the repeats, and the standard error of that: what it deviates over
    /// bootstrap resamples of the rows, each row with its shuffled values.
    /// </returns>
    public static IReadOnlyDictionary<string, (double Loss, double StandardError)> Of(
        ModelSession session, LabeledTable rows, IReadOnlySet<string> used, int repeats, string metric, int seed, CancellationToken cancellationToken)
    {
        var (task, width) = (session.Signature.Task, session.Signature.Width);
        var scores = session.Score(rows.Features, cancellationToken);
        var names = rows.Features.Columns.Select(c => c.Name).ToList();
        var columns = session.Signature.Columns;
        var whole = TaskScores.ByRow(task, scores, width, rows.Labels);
        var measured = (1.0 + (used.Count * repeats)) * whole.Rows * whole.Passes;
        var resamples = Bootstrap.Draw(
            whole.Strata, whole.Rows, (int)Math.Clamp(MeasureBudget / measured, LeastResamples, MostResamples),
            new SplitMix64(SplitMix64.Mix((uint)seed + 6UL)), weights => (int[])weights.Clone(), cancellationToken);
        var before = Values(whole);
        var losses = new (double, double)[columns.Count];
        SideBySide.For(columns.Count, cancellationToken, column =>
        {
            if (!used.Contains(columns[column].Name)) return;
            // Each column has shuffles of its own, whatever other columns there are.
            var random = new SplitMix64(SplitMix64.Mix((uint)seed + 5UL) ^ SplitMix64.Mix((ulong)column));
            var place = names.IndexOf(columns[column].Name);
            var after = new double[before.Length];
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                // A row that gets its own value back keeps its score; of columns of few values these are most.
                var (shuffled, changed) = Shuffled(rows.Features, place, ref random);
                var scored = (float[])scores.Clone();
                var rescored = session.Score(shuffled, cancellationToken);
                for (var i = 0; i < changed.Length; i++) rescored.AsSpan(i * width, width).CopyTo(scored.AsSpan(changed[i] * width));
                foreach (var (i, value) in Values(TaskScores.ByRow(task, scored, width, rows.Labels)).Index()) after[i] += value / repeats;
            }

            double[] loss = [.. before.Zip(after, (b, a) => MetricNames.IsHigherBetter(metric) ? b - a : a - b)];
            // A sum in another order differs in its last digits, which is no cost.
            losses[column] = Math.Abs(loss[0]) <= 1e-9 * Math.Abs(before[0]) ? default : (loss[0], SampleMean.DeviationOf(loss.AsSpan(1)));
        });
        return columns.Zip(losses).ToDictionary(c => c.First.Name, c => c.Second, StringComparer.Ordinal);

        // Of the rows as they are, and of each resample.
        double[] Values(TaskScores of) => [of.Measure([metric])[0], .. resamples.Select(weights => of.Measure([metric], weights)[0])];
    }

    /// <summary>Shuffles a column; returns the rows whose value is another now, and which rows they are.</summary>
    private static (FeatureTable Rows, int[] Places) Shuffled(FeatureTable table, int column, ref SplitMix64 random)
    {
        int[] order = [.. Enumerable.Range(0, table.RowCount)];
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = random.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        var isNumeric = table.Columns[column].Kind.IsNumeric();
        int[] changed = [.. Enumerable.Range(0, order.Length).Where(r => isNumeric
            ? !table.Numbers(column)[r].Equals(table.Numbers(column)[order[r]])
            : !string.Equals(table.Categories(column)[r], table.Categories(column)[order[r]], StringComparison.Ordinal))];
        var (own, given) = (table.Take(changed), table.Take(Array.ConvertAll(changed, r => order[r])));
        var values = new Array[table.Columns.Count];
        for (var c = 0; c < values.Length; c++)
        {
            var from = c == column ? given : own;
            values[c] = table.Columns[c].Kind.IsNumeric() ? from.Numbers(c) : from.Categories(c);
        }

        return (new FeatureTable(table.Columns, values, changed.Length), changed);
    }
}
