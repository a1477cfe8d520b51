using Serverless.Platform.Datasets;

namespace Serverless.Platform.Evaluation;

/// <param name="HeldOutRows">How many held-out rows were looked at.</param>
/// <param name="Found">How many of them agree with a training row in all columns but one.</param>
/// <param name="Column">The column in which most of them differ; null where there is none.</param>
internal sealed record NearRepeats(int HeldOutRows, int Found, string? Column)
{
    /// <summary>Of fewer columns the rest says too little.</summary>
    private const int LeastColumns = 3;

    private const int MostHeldOutRows = 5_000;

    // Training rows times columns that are looked up: about a second on one core.
    private const int LookupBudget = 20_000_000;

    // How much less likely than once in all training rows an agreement by chance has to be, in bits: columns that go together agree more often than their shares say.
    private const double MarginBits = 10;

    /// <summary>
    /// Held-out rows that agree with a training row in all columns but one, and in values so rare together that it is no chance (after Fellegi, Sunter, J. Am. Stat. Assoc. 64,
    /// 1969: an agreement weighs the logarithm of one over the value's share).
    /// </summary>
    /// <param name="train">The training rows.</param>
    /// <param name="heldOut">The held-out rows.</param>
    /// <param name="columns">The columns that rows are compared by.</param>
    /// <param name="cancellationToken">Checked before every column.</param>
    public static NearRepeats Find(LabeledTable train, LabeledTable heldOut, IReadOnlyList<string> columns, CancellationToken cancellationToken)
    {
        if (columns.Count < LeastColumns || train.RowCount == 0) return new NearRepeats(heldOut.RowCount, 0, null);
        var rows = heldOut.Sample(MostHeldOutRows).Features;
        var learned = train.Sample(Math.Max(1, LookupBudget / columns.Count)).Features;
        var (whole, wholeLearned) = (new ulong[rows.RowCount], new ulong[learned.RowCount]);
        var (weights, allWeights) = (new float[columns.Count][], new double[rows.RowCount]);
        for (var c = 0; c < columns.Count; c++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (values, valuesLearned) = (FeatureHash.Of(rows, [columns[c]]), FeatureHash.Of(learned, [columns[c]]));
            AddTo(whole, values, c);
            AddTo(wholeLearned, valuesLearned, c);
            var counts = valuesLearned.CountBy(v => v).ToDictionary();
            weights[c] = [.. values.Select(v => (float)Math.Log2((double)learned.RowCount / Math.Max(1, counts.GetValueOrDefault(v))))];
            for (var row = 0; row < allWeights.Length; row++) allWeights[row] += weights[c][row];
        }

        var bound = Math.Log2(learned.RowCount) + MarginBits;
        var same = wholeLearned.ToHashSet();
        var isFound = new bool[rows.RowCount];
        var byColumn = new int[columns.Count];
        for (var c = 0; c < columns.Count; c++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var others = FeatureHash.Of(learned, [columns[c]]).Select((value, row) => wholeLearned[row] - Placed(value, c)).ToHashSet();
            var values = FeatureHash.Of(rows, [columns[c]]);
            for (var row = 0; row < isFound.Length; row++)
            {
                // What agrees in all columns is a repeat, and counted as such.
                if (same.Contains(whole[row]) || allWeights[row] - weights[c][row] < bound || !others.Contains(whole[row] - Placed(values[row], c))) continue;
                isFound[row] = true;
                byColumn[c]++;
            }
        }

        var found = isFound.Count(f => f);
        return new NearRepeats(rows.RowCount, found, found == 0 ? null : columns[Array.IndexOf(byColumn, byColumn.Max())]);
    }

    /// <summary>Hashes of values add up to those of rows, so that one can be taken off again.</summary>
    private static void AddTo(ulong[] rows, ulong[] values, int column)
    {
        for (var row = 0; row < rows.Length; row++) rows[row] += Placed(values[row], column);
    }

    /// <summary>The same value counts otherwise in another column.</summary>
    private static ulong Placed(ulong value, int column) => SplitMix64.Mix(value + ((ulong)(column + 1) * 0x9E3779B97F4A7C15));
}
