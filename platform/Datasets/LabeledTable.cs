namespace Serverless.Platform.Datasets;

/// <summary>Feature columns with the target of each row.</summary>
/// <param name="Features">The raw feature columns.</param>
/// <param name="Labels">One per row: 1 for the positive class, 0 for the other.</param>
/// <param name="RowHashes">
/// One per row: a stable 64-bit hash of the row's raw values. Splits and folds are taken from it, so that they do not depend on
/// the order of files or rows, and a row stays on its side when the dataset grows.
/// </param>
/// <param name="Sensitive">The columns to slice by in evaluation, as text; they may or may not be among the features.</param>
public sealed record LabeledTable(
    FeatureTable Features,
    float[] Labels,
    ulong[] RowHashes,
    IReadOnlyDictionary<string, string[]> Sensitive)
{
    public int RowCount => Features.RowCount;

    /// <summary>A table of the given rows, in the given order.</summary>
    public LabeledTable Take(IReadOnlyList<int> rows) => new(
        Features.Take(rows),
        [.. rows.Select(r => Labels[r])],
        [.. rows.Select(r => RowHashes[r])],
        Sensitive.ToDictionary(s => s.Key, s => rows.Select(r => s.Value[r]).ToArray()));
}
