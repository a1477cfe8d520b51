using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets;

/// <summary>How the accepted rows' values are distributed: <c>profile.json</c>.</summary>
/// <param name="Version">The dataset's version.</param>
/// <param name="Rows">Rows described: both parts of the dataset.</param>
/// <param name="Columns">One for each feature, in the manifest's order.</param>
public sealed record DatasetProfile(string Version, long Rows, IReadOnlyList<ColumnProfile> Columns)
{
    /// <summary>What is predicted, which is no feature: of classes all of them with their rows, of a number as of any other; null for versions of older releases.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ColumnProfile? Target { get; init; }

    public byte[] ToJson() => DatasetJson.Write(this);

    /// <exception cref="JsonException">The text is no profile.</exception>
    public static DatasetProfile FromJson(ReadOnlySpan<byte> json) => DatasetJson.Read<DatasetProfile>(json);
}

/// <param name="Name">The column's header.</param>
/// <param name="Kind">How its values are held.</param>
/// <param name="Count">Values that are there.</param>
/// <param name="Missing">Values that are not.</param>
/// <param name="Distinct">Distinct values among those that are there.</param>
/// <param name="Numbers">Of a column of numbers, or of dates as days since 1970-01-01; else null.</param>
/// <param name="TopCategories">The most frequent of a column of categories or booleans, at most 20, of the target all, most frequent first; else null.</param>
public sealed record ColumnProfile(
    string Name, ColumnKind Kind, long Count, long Missing, long Distinct, NumberProfile? Numbers, IReadOnlyList<CategoryCount>? TopCategories)
{
    /// <summary>What it is to the model, inferred or told; null of the target, and in profiles of older releases.</summary>
    public ColumnRole? Role { get; init; }

    /// <summary>Of numbers, to look at; null for versions of older releases.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ValueHistogram? Histogram { get; init; }

    /// <summary>Of numbers, to compare later versions with; null for versions of older releases.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ValueBands? Bands { get; init; }
}

/// <summary>Values in bins of equal width.</summary>
/// <param name="From">Where the first bin begins; it also holds what is less.</param>
/// <param name="To">Where the last bin ends; it also holds what is more.</param>
/// <param name="Counts">Values in each.</param>
public sealed record ValueHistogram(double From, double To, IReadOnlyList<long> Counts);

/// <summary>Values between the deciles of a version.</summary>
/// <param name="Edges">The distinct deciles, in ascending order.</param>
/// <param name="Counts">Values up to each edge from the one before it, and at last those beyond.</param>
public sealed record ValueBands(IReadOnlyList<double> Edges, IReadOnlyList<long> Counts);

/// <param name="Min">Least value.</param>
/// <param name="Max">Greatest value.</param>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="StandardDeviation">Of the sample, with n − 1; null for fewer than two values.</param>
/// <param name="Quantiles">In ascending order of probability, interpolated linearly between order statistics, to the precision of the values, 32-bit floats.</param>
public sealed record NumberProfile(double Min, double Max, double Mean, double? StandardDeviation, IReadOnlyList<Quantile> Quantiles);

/// <param name="Probability">From 0 to 1.</param>
/// <param name="Value">The value that this share of values does not exceed.</param>
public sealed record Quantile(double Probability, double Value);

/// <param name="Value">The category.</param>
/// <param name="Count">Its rows.</param>
public sealed record CategoryCount(string Value, long Count);
