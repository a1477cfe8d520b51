using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets;

/// <summary>Feature columns with the target of each row.</summary>
/// <param name="Features">The raw feature columns.</param>
/// <param name="Labels">
/// One per row. Of two classes 1 for the positive class, 0 for the other; of several the class's place in <see cref="Classes"/>; for regression the value.
/// </param>
/// <param name="RowHashes">
/// One per row: a stable 64-bit hash of the row's raw values, the target apart. Splits and folds are taken from it, so that they do not depend on
/// the order of files or rows, and a row stays on its side when the dataset grows.
/// </param>
/// <param name="Sensitive">The columns to slice by in evaluation, as text; they may or may not be among the features.</param>
public sealed record LabeledTable(
    FeatureTable Features,
    float[] Labels,
    ulong[] RowHashes,
    IReadOnlyDictionary<string, string[]> Sensitive)
{
    /// <summary>What the labels are for.</summary>
    public LearningTask Task { get; init; }

    /// <summary>Of several classes their names, in ordinal order; else empty.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>What rows were split by, where that is not their hash.</summary>
    public SplitKeys? Keys { get; init; }

    public int RowCount => Features.RowCount;

    /// <summary>A table of the given rows, in the given order.</summary>
    public LabeledTable Take(IReadOnlyList<int> rows) => this with
    {
        Features = Features.Take(rows),
        Labels = [.. rows.Select(r => Labels[r])],
        RowHashes = [.. rows.Select(r => RowHashes[r])],
        Keys = Keys is null ? null : Keys with { Values = [.. rows.Select(r => Keys.Values[r])] },
        Sensitive = Sensitive.ToDictionary(s => s.Key, s => rows.Select(r => s.Value[r]).ToArray()),
    };
}

/// <summary>What rows were split by.</summary>
/// <param name="By">A time, which rises with the key, or a group, of which the key is a hash.</param>
/// <param name="Values">One per row.</param>
public sealed record SplitKeys(SplitKind By, ulong[] Values);
