using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;
using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>
/// Which rows each fold holds out. A row's fold comes from its hash and the seed alone, so equal rows stay together, and neither the
/// order of rows nor the split that made the training part has a bearing on it.
/// </summary>
internal static class CrossValidationFolds
{
    /// <summary>Up to this many rows every fold is held out once; beyond it one fold of a fifth is precise enough.</summary>
    public const int MostRowsForAll = 20_000;

    /// <returns>For each fold the rows it holds out, ascending.</returns>
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
        var usable = HeldOut(train.RowHashes, count, seed).Where(fold => Differ(fold, train.Labels) && Differ(Others(train.RowCount, fold), train.Labels)).ToArray();
        var (both, remedy) = train.Task == LearningTask.BinaryClassification
            ? ("both classes", "Bring more rows of the rarer class.")
            : ("two values of the target", "Bring more rows of other values.");
        return usable.Length > 0
            ? usable
            : throw new InvalidOperationException($"None of the folds of {train.RowCount} rows has {both} on both sides, so no metric can be computed. {remedy}");
    }

    private static bool Differ(int[] rows, float[] labels) => rows.Length > 0 && Array.Exists(rows, r => labels[r] != labels[rows[0]]);

    /// <summary>All rows but those of a fold, ascending.</summary>
    public static int[] Others(int rows, int[] heldOut)
    {
        var isHeldOut = new bool[rows];
        Array.ForEach(heldOut, r => isHeldOut[r] = true);
        return [.. Enumerable.Range(0, rows).Where(r => !isHeldOut[r])];
    }
}
