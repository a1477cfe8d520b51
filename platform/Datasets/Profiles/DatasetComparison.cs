using System.Text.Json.Serialization;

namespace Serverless.Platform.Datasets.Profiles;

/// <summary>How a dataset version differs from the one before it: <c>comparison.json</c>.</summary>
/// <param name="Before">The version before.</param>
/// <param name="After">This version.</param>
/// <param name="RowsBefore">Rows of the version before.</param>
/// <param name="RowsAfter">Rows of this one.</param>
/// <param name="Added">Columns to learn from that the version before did not have.</param>
/// <param name="Removed">Those that only it had.</param>
/// <param name="Columns">What both have, in this version's order.</param>
public sealed record DatasetComparison(
    string Before, string After, long RowsBefore, long RowsAfter, IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<ColumnComparison> Columns)
{
    /// <summary>
    /// The target likewise; null where the version before has another target, or, made by an older release, no profile of it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ColumnComparison? Target { get; init; }
}

/// <param name="Name">The column's header.</param>
/// <param name="KindBefore">Its kind in the version before.</param>
/// <param name="KindAfter">Its kind in this one; if it is another, nothing else is compared but what is missing.</param>
/// <param name="MissingBefore">Share of missing values before, 0 to 1.</param>
/// <param name="MissingAfter">Share of missing values now.</param>
/// <param name="MeanShift">By how many standard deviations (of before) the mean moved; null where there is no mean.</param>
/// <param name="Stability">
/// Population stability index: Σ (q − p)·ln(q/p) over the tenths of the values before, or over the 20 most frequent categories and the rest,
/// missing values a bin of their own, half a row added to each bin; null where the version before has no such counts.
/// </param>
/// <param name="Chance">What the index exceeds by chance alone about one time in a hundred with so many rows and bins; null likewise.</param>
/// <param name="HasShifted">
/// Whether the index is at least 0.1, the usual bound, or the mean moved by half a standard deviation, and beyond chance; of a target also whether
/// the share of a class at least doubled or halved beyond chance, which the index hardly shows of a rare class.
/// </param>
public sealed record ColumnComparison(
    string Name,
    ColumnKind KindBefore,
    ColumnKind KindAfter,
    double MissingBefore,
    double MissingAfter,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? MeanShift,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Stability,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Chance,
    bool HasShifted)
{
    /// <summary>Of a target of classes the share of each in both versions, most frequent now first; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ClassShift>? Classes { get; init; }

    /// <summary>Of a number to predict its quantiles in both versions; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<QuantileShift>? Quantiles { get; init; }
}

/// <param name="Value">The class.</param>
/// <param name="Before">Its share of the rows before, 0 to 1.</param>
/// <param name="After">Its share now.</param>
public sealed record ClassShift(string Value, double Before, double After);

/// <param name="Probability">From 0 to 1.</param>
/// <param name="Before">The value that this share of values did not exceed before.</param>
/// <param name="After">The one now.</param>
public sealed record QuantileShift(double Probability, double Before, double After);
