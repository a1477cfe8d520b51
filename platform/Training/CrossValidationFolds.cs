using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>
/// Which rows each fold holds out. A row's fold comes from its hash and the seed alone, so equal rows stay together, and neither the
/// order of rows nor the split that made the training part has a bearing on it. Where rows are split by group, the group's hash stands for the row's;
/// where they are split by time, each fold is a block of time that is predicted from the time before it.
/// </summary>
internal static class CrossValidationFolds
{
    /// <summary>Up to this many rows every fold is held out once; beyond it one fold of a fifth is precise enough.</summary>
    public const int MostRowsForAll = 20_000;

    /// <returns>For each fold the rows it holds out, ascending.</returns>
    public static int[][] HeldOut(LabeledTable train, int count, int seed) => train.Keys switch
    {
        { By: SplitKind.Time, Values: var times } => Blocks(times, count),
        { Values: var groups } => HeldOut(groups, count, seed),
        null => HeldOut(train.RowHashes, count, seed),
    };

    /// <inheritdoc cref="HeldOut(LabeledTable, int, int)"/>
    public static int[][] HeldOut(ulong[] rowHashes, int count, int seed)
    {
        var key = SplitMix64.Mix((uint)seed + 1UL);
        var folds = Enumerable.Range(0, count).Select(_ => new List<int>()).ToArray();
        for (var row = 0; row < rowHashes.Length; row++)
        {
            folds[SplitMix64.Mix(rowHashes[row] ^ key) % (ulong)count].Add(row);
        }

        return [.. folds.Take(rowHashes.Length <= MostRowsForAll ? count : 1).Select(f => f.ToArray())];
    }

    /// <summary>
    /// The folds that have something to learn and to measure: both classes among the rows they hold out and among the others; of several classes, or
    /// of numbers, at least two.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static int[][] Usable(LabeledTable train, int count, int seed)
    {
        var usable = FindUsable(train, count, seed);
        var (both, remedy) = train.Task == LearningTask.BinaryClassification
            ? ("both classes", "Bring more rows of the rarer class.")
            : ("two values of the target", "Bring more rows of other values.");
        return usable.Length > 0
            ? usable
            : throw new InvalidOperationException($"None of the folds of {train.RowCount} rows has {both} on both sides, so no metric can be computed. {remedy}");
    }

    /// <summary>The rows to learn from for a fold, ascending: all but those it holds out, or where time counts, all that are older.</summary>
    public static int[] Others(LabeledTable train, int[] heldOut)
    {
        if (train.Keys is { By: SplitKind.Time, Values: var times })
        {
            var start = heldOut.Min(r => times[r]);
            return [.. Enumerable.Range(0, train.RowCount).Where(r => times[r] < start)];
        }

        var isHeldOut = new bool[train.RowCount];
        Array.ForEach(heldOut, r => isHeldOut[r] = true);
        return [.. Enumerable.Range(0, train.RowCount).Where(r => !isHeldOut[r])];
    }

    internal static int[][] FindUsable(LabeledTable train, int count, int seed) =>
        [.. HeldOut(train, count, seed).Where(fold => Differ(fold, train.Labels) && Differ(Others(train, fold), train.Labels))];

    private static bool Differ(int[] rows, float[] labels) => rows.Length > 0 && Array.Exists(rows, r => labels[r] != labels[rows[0]]);

    /// <summary>As many blocks of about the same size, the newest last, before which stands one that is only learned from. Equal times are not parted.</summary>
    private static int[][] Blocks(ulong[] times, int count)
    {
        int[] order = [.. Enumerable.Range(0, times.Length).OrderBy(r => times[r]).ThenBy(r => r)];
        var starts = new List<int>();
        for (var block = 1; block <= count; block++)
        {
            var start = (int)((long)order.Length * block / (count + 1));
            while (start < order.Length && start > 0 && times[order[start]] == times[order[start - 1]]) start++;
            if (start > 0 && start < order.Length && !starts.Contains(start)) starts.Add(start);
        }

        var blocks = starts.Select((start, i) => order[start..(i + 1 < starts.Count ? starts[i + 1] : order.Length)].Order().ToArray());
        return times.Length <= MostRowsForAll ? [.. blocks] : [.. blocks.TakeLast(1)];
    }
}
