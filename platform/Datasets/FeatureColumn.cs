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

    /// <summary>A word for true or false, held as the string it is; a missing value is the empty string.</summary>
    Boolean,

    /// <summary>A date, held as days since 1970-01-01 in a 32-bit float, which is exact; a missing value is NaN.</summary>
    Date,

    /// <summary>Running text, held as a string; a missing value is the empty string.</summary>
    Text,
}

/// <summary>A raw column that a model takes as input, as it stands in the user's file.</summary>
/// <param name="Name">The column's header, verbatim.</param>
/// <param name="Kind">What its values are.</param>
public sealed record FeatureColumn(string Name, ColumnKind Kind);

/// <summary>How columns of each kind are held.</summary>
public static class ColumnKinds
{
    /// <summary>Whether the values are floats (a number, a date) rather than strings.</summary>
    public static bool IsNumeric(this ColumnKind kind) => kind is ColumnKind.Number or ColumnKind.Date;
}
