using System.Text.Json.Serialization;

namespace Serverless.Platform.Datasets;

/// <summary>A part of a dataset.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DataSplit>))]
public enum DataSplit
{
    /// <summary>Learned from.</summary>
    Train,

    /// <summary>Only evaluated on.</summary>
    HeldOut,
}

/// <summary>
/// Which rows are held out unless a definition says otherwise: those whose hash modulo 100 is below 20. It depends on the row alone, so a row keeps its side when a dataset grows,
/// and equal rows are never on both sides.
/// </summary>
public static class HeldOutSplit
{
    public const int HeldOutPercent = 20;

    public static DataSplit Of(ulong rowHash) => rowHash % 100 < HeldOutPercent ? DataSplit.HeldOut : DataSplit.Train;

    /// <summary>A sentence on which rows are held out.</summary>
    /// <param name="rule">What they are split by; null: their hashes.</param>
    public static string Describe(DatasetSplitRule? rule) => rule?.Describe() ?? $"Which rows are held out ({HeldOutPercent}% in the mean) follows from their content.";

    /// <summary>How a part is called in <c>data.parquet</c>.</summary>
    public static string NameOf(DataSplit split) => split == DataSplit.HeldOut ? "held-out" : "train";
}
