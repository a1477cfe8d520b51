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
/// and equal rows are on one side, but those of combinations of values that are frequent (<see cref="AlikeRows"/>).
/// </summary>
public static class HeldOutSplit
{
    public const int HeldOutPercent = 20;

    private static readonly string ByContent = $"Which rows are held out ({HeldOutPercent}% in the mean) follows from their content.";

    public static DataSplit Of(ulong rowHash) => rowHash % 100 < HeldOutPercent ? DataSplit.HeldOut : DataSplit.Train;

    /// <summary>Which rows of a dataset are held out, in words.</summary>
    public static string Describe(DatasetManifest dataset) => dataset switch
    {
        { SplitBy: { } rule } => rule.Describe(),
        { Alike: { } alike } => $"{ByContent} {alike.Describe()}",
        _ => ByContent,
    };

    /// <summary>How a part is called in <c>data.parquet</c>.</summary>
    public static string NameOf(DataSplit split) => split == DataSplit.HeldOut ? "held-out" : "train";
}
