using System.Text.Json.Serialization;

namespace Serverless.Platform.Datasets;

/// <summary>What the values of a column are to a learner.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ColumnKind>))]
public enum ColumnKind
{
    /// <summary>A number, held as a 32-bit float; a missing value is NaN.</summary>
    Number,

    /// <summary>A string from an open set; a missing value is the empty string.</summary>
    Category,
}

/// <summary>A raw column that a model takes as input, as it stands in the user's file.</summary>
/// <param name="Name">The column's header, verbatim.</param>
/// <param name="Kind">Number or category.</param>
public sealed record FeatureColumn(string Name, ColumnKind Kind);
