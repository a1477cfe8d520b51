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
    public const int LeastRows = 500;
    public const int MostRows = 5_000;

    // Rows scored in all: a graph of some hundred trees does about half a million a second on one core.
    private const int RowBudget = 2_000_000;

    // Values scored in all: of thousands of columns, handing them over takes longer than the trees do.
    private const double ValueBudget = 600e6;

    /// <summary>How many rows are shuffled, and how often each column, for a table of this size.</summary>
    public static (int Rows, int Repeats) PlanFor(int rows, int columns)
    {
        var taken = Math.Min(rows, Math.Clamp(RowBudget / (LeastRepeats * Math.Max(columns, 1)), LeastRows, MostRows));
        var affordable = Math.Min(RowBudget / Math.Max((double)taken * columns, 1), ValueBudget / Math.Max((double)taken * columns * columns, 1));
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
        var whole = Measure(session, rows.Features, rows.Labels, metric, cancellationToken);
        var losses = new Dictionary<string, double[]>(StringComparer.Ordinal);
        var names = rows.Features.Columns.Select(c => c.Name).ToList();
        foreach (var column in session.Signature.Columns)
        {
            // Each column has shuffles of its own, whatever other columns there are.
            var random = new SplitMix64(SplitMix64.Mix((uint)seed + 5UL) ^ SplitMix64.Mix((ulong)losses.Count));
            var place = names.IndexOf(column.Name);
            losses[column.Name] = new double[repeats];
            for (var repeat = 0; repeat < repeats && used.Contains(column.Name); repeat++)
            {
                var shuffled = Shuffled(rows.Features, place, ref random);
                losses[column.Name][repeat] = sign * (whole - Measure(session, shuffled, rows.Labels, metric, cancellationToken));
            }
        }

        return losses;
    }

    private static double Measure(ModelSession session, FeatureTable rows, float[] labels, string metric, CancellationToken cancellationToken)
    {
        var scores = session.Score(rows, cancellationToken);
        return TaskMetrics.Value(session.Signature.Task, metric, scores, session.Signature.Width, labels);
    }

    private static FeatureTable Shuffled(FeatureTable table, int column, ref SplitMix64 random)
    {
        int[] order = [.. Enumerable.Range(0, table.RowCount)];
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = random.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        var values = new Array[table.Columns.Count];
        for (var c = 0; c < values.Length; c++)
        {
            values[c] = table.Columns[c].Kind.IsNumeric()
                ? c == column ? Array.ConvertAll(order, r => table.Numbers(column)[r]) : table.Numbers(c)
                : c == column ? Array.ConvertAll(order, r => table.Categories(column)[r]) : table.Categories(c);
        }

        return new FeatureTable(table.Columns, values, table.RowCount);
    }
}
