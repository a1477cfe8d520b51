namespace Serverless.Platform.Datasets;

/// <summary>The columns of <c>data.parquet</c> that are not a user's.</summary>
public static class DatasetColumns
{
    /// <summary>A stable 64-bit hash of the row's values, the target apart; of rows dealt one by one (<see cref="AlikeRows"/>) of these, the target and the row's number among its like.</summary>
    public const string RowHash = "__row_hash";

    /// <summary>The content hash of the file that the row comes from.</summary>
    public const string Source = "__source";

    /// <summary>The row's number in that file, 1 for the first after the header.</summary>
    public const string Row = "__row";

    /// <summary>The part of the dataset: <c>train</c> or <c>held-out</c>.</summary>
    public const string Split = "__split";

    /// <summary>What decided on the part, where that is not the row's hash: it rises with a time, or is a hash of a group.</summary>
    public const string SplitKey = "__split_key";

    public static IReadOnlyList<string> All { get; } = [RowHash, Source, Row, Split, SplitKey];

    public static bool IsReserved(string name) => All.Contains(name, StringComparer.OrdinalIgnoreCase);
}
