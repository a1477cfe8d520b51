namespace Serverless.Platform.Training;

/// <summary>What is usual among the training rows of a column of numbers, booleans or dates, and what a missing value of it counts as.</summary>
/// <param name="Median">The lower median of the values; of booleans 1 or 0, whichever is more frequent; of dates days since 1970-01-01.</param>
/// <param name="LearnsMissing">
/// Whether enough rows lacked it, <see cref="FeatureEncoding.LeastCount"/>, for the learner to see what that means. Else a missing value counts as the median: trees
/// would send it down a branch that no row has tried.
/// </param>
public sealed record TypicalValue(float Median, bool LearnsMissing)
{
    /// <summary>What stands for a missing value of a column; NaN where it stays one.</summary>
    /// <param name="typical">What is usual there; null: unknown.</param>
    internal static float ForMissing(TypicalValue? typical) => typical is { LearnsMissing: false } ? typical.Median : float.NaN;

    /// <param name="values">One for each row, NaN where missing.</param>
    /// <returns>Null when all are missing.</returns>
    internal static TypicalValue? Of(IEnumerable<float> values)
    {
        float[] sorted = [.. values];

        // NaN is sorted before all numbers.
        Array.Sort(sorted);
        var missing = Array.FindIndex(sorted, value => !float.IsNaN(value));
        return missing < 0 ? null : new TypicalValue(sorted[missing + ((sorted.Length - missing - 1) / 2)], missing >= FeatureEncoding.LeastCount);
    }
}
