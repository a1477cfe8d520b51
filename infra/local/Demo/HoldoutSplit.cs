namespace Serverless.Local.Demo;

/// <summary>A file of rows cut in two: rows to learn from, and held-back rows that training never sees.</summary>
/// <param name="Training">Row numbers, from 0, ascending.</param>
/// <param name="Holdout">Row numbers, from 0, ascending.</param>
public sealed record HoldoutSplit(IReadOnlyList<int> Training, IReadOnlyList<int> Holdout)
{
    /// <summary>Holds back a share of the rows, drawn without replacement; the same seed draws the same rows.</summary>
    /// <param name="share">Between 0 and 1.</param>
    public static HoldoutSplit Draw(int rows, double share, int seed)
    {
        var numbers = Enumerable.Range(0, rows).ToArray();
        new Random(seed).Shuffle(numbers);
        var heldBack = (int)Math.Round(rows * share);
        return new HoldoutSplit([.. numbers.Skip(heldBack).Order()], [.. numbers.Take(heldBack).Order()]);
    }
}
