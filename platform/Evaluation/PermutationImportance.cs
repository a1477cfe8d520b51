using Serverless.Platform.Datasets;
using Serverless.Platform.Scoring;

namespace Serverless.Platform.Evaluation;

/// <summary>
/// What it costs to lose a raw column: it is shuffled among held-out rows, the rows are scored through the deployed graph, and the metric is compared
/// (Breiman, Machine Learning 45, 2001; for any model Fisher, Rudin, Dominici, JMLR 20, 2019). Columns that say the same share what they are worth.
/// </summary>
internal static class PermutationImportance
{
    public const int LeastRepeats = 3;
    public const int MostRepeats = 10;
    public const int LeastRows = 400;
    public const int MostRows = 5_000;

    // Rows times the trees that each goes through, in all: about a quarter of a second on one core.
    private const double VisitBudget = 20e6;

    // Values scored in all: of thousands of columns, handing them over takes longer than the trees do.
    private const double ValueBudget = 600e6;

    /// <summary>How many rows are shuffled, and how often each column, for a table of this size and a model of so many trees.</summary>
    public static (int Rows, int Repeats) PlanFor(int rows, int columns, int trees)
    {
        var (shuffled, visits) = (Math.Max(columns, 1.0), Math.Max(columns, 1.0) * Math.Max(trees, 1));
        var taken = (int)Math.Min(rows, Math.Clamp(VisitBudget / (LeastRepeats * visits), LeastRows, MostRows));
        var affordable = Math.Min(VisitBudget / visits, ValueBudget / (shuffled * shuffled)) / Math.Max(taken, 1);
        return (taken, (int)Math.Clamp(affordable, LeastRepeats, MostRepeats));
    }

    /// <param name="session">The model.</param>
    /// <param name="rows">Held-out rows that can be evaluated on.</param>
    /// <param name="used">The columns that the learner looks at. To lose any other costs nothing, so these are not shuffled.</param>
    /// <param name="repeats">How often each column is shuffled.</param>
    /// <param name="metric">A metric of the model's task.</param>
    /// <param name="seed">The same seed gives the same shuffles.</param>
    /// <param name="cancellationToken">Checked between batches of rows.</param>
    /// <returns>For each column of the model by how much the metric gets worse, repeat by repeat.</returns>
    public static IReadOnlyDictionary<string, double[]> Of(
        ModelSession session, LabeledTable rows, IReadOnlySet<string> used, int repeats, string metric, int seed, CancellationToken cancellationToken)
    {
        var sign = MetricNames.IsHigherBetter(metric) ? 1 : -1;
        var (task, width) = (session.Signature.Task, session.Signature.Width);
        var scores = session.Score(rows.Features, cancellationToken);
        var whole = TaskMetrics.Value(task, metric, scores, width, rows.Labels);
        var names = rows.Features.Columns.Select(c => c.Name).ToList();
        var columns = session.Signature.Columns;
        var losses = new double[columns.Count][];
        SideBySide.For(columns.Count, cancellationToken, column =>
        {
            // Each column has shuffles of its own, whatever other columns there are.
            var random = new SplitMix64(SplitMix64.Mix((uint)seed + 5UL) ^ SplitMix64.Mix((ulong)column));
            var place = names.IndexOf(columns[column].Name);
            losses[column] = new double[repeats];
            for (var repeat = 0; repeat < repeats && used.Contains(columns[column].Name); repeat++)
            {
                // A row that gets its own value back keeps its score; of columns of few values these are most.
                var (shuffled, changed) = Shuffled(rows.Features, place, ref random);
                var after = (float[])scores.Clone();
                var rescored = session.Score(shuffled, cancellationToken);
                for (var i = 0; i < changed.Length; i++) rescored.AsSpan(i * width, width).CopyTo(after.AsSpan(changed[i] * width));
                losses[column][repeat] = sign * (whole - TaskMetrics.Value(task, metric, after, width, rows.Labels));
            }
        });
        return columns.Zip(losses).ToDictionary(c => c.First.Name, c => c.Second, StringComparer.Ordinal);
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
