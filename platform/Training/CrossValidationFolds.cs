using Serverless.Platform.Evaluation;

namespace Serverless.Platform.Training;

/// <summary>
/// Which rows each fold holds out. A row's fold comes from its hash and the seed alone, so equal rows stay together, and neither the
/// order of rows nor the split that made the training part has a bearing on it.
/// </summary>
internal static class CrossValidationFolds
{
    public const int Count = 5;

    /// <summary>Up to this many rows every fold is held out once; beyond it one fold of a fifth is precise enough.</summary>
    public const int MostRowsForAll = 20_000;

    /// <returns>For each fold the rows it holds out, ascending.</returns>
    public static int[][] HeldOut(ulong[] rowHashes, int seed)
    {
        var key = SplitMix64.Mix((uint)seed + 1UL);
        var folds = Enumerable.Range(0, Count).Select(_ => new List<int>()).ToArray();
        for (var row = 0; row < rowHashes.Length; row++)
        {
            folds[SplitMix64.Mix(rowHashes[row] ^ key) % Count].Add(row);
        }

        return [.. folds.Take(rowHashes.Length <= MostRowsForAll ? Count : 1).Select(f => f.ToArray())];
    }
}
