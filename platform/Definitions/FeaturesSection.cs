using System.Text.Json.Serialization;

namespace Serverless.Platform.Definitions;

/// <summary>What a column is to a model.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ColumnRole>))]
public enum ColumnRole
{
    /// <summary>A quantity.</summary>
    Numeric,

    /// <summary>One of a set of values.</summary>
    Categorical,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A day.</summary>
    Date,

    /// <summary>Words in a row.</summary>
    Text,

    /// <summary>A name or number of the row; not learned from.</summary>
    Identifier,
}

/// <summary>Reads a definition's <c>features</c>: the roles of columns that are not to be inferred.</summary>
internal static class FeaturesSection
{
    private static readonly Dictionary<string, ColumnRole> Roles =
        Enum.GetValues<ColumnRole>().ToDictionary(r => r.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    /// <summary>How a role is called in definitions.</summary>
    public static string NameOf(ColumnRole role) => Roles.Single(r => r.Value == role).Key;

    public static IReadOnlyDictionary<string, ColumnRole> Read(SectionReader root, string target, IReadOnlyList<string> ignored)
    {
        var roles = new SortedDictionary<string, ColumnRole>(StringComparer.Ordinal);
        var section = root.OpenSection("features", "{ Opened: date }");
        foreach (var column in section.Keys)
        {
            if (column == target)
            {
                section.Refuse(section.LineOf(column), $"features names '{column}', which is the target.", "Remove it from features: the target is never learned from.");
            }
            else if (ignored.Contains(column))
            {
                section.Refuse(section.LineOf(column), $"features names '{column}', which is ignored.", "Remove it from features or from ignore.");
            }

            if (section.OneOf(column, [.. Roles.Keys]) is { } role) roles[column] = Roles[role];
        }

        return roles;
    }
}
