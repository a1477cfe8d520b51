using System.Text.Json.Serialization;

namespace Serverless.Platform.Definitions;

/// <summary>What decides on which side of a split a row stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SplitKind>))]
public enum SplitKind
{
    /// <summary>When it is from: what is learned is measured on later rows only.</summary>
    Time,

    /// <summary>What it belongs to: rows of one group stand on one side.</summary>
    Group,
}

/// <summary>How rows are held out and cut into folds, where that is not by chance.</summary>
/// <param name="By">What decides.</param>
/// <param name="Column">The column that says so: of dates or numbers for time, of any values for groups.</param>
public sealed record SplitPolicy(SplitKind By, string Column)
{
    private const string Example = "{ time: Opened }";
    private const string TimeKey = "time";
    private const string GroupKey = "group";

    /// <summary>The <c>split</c> of a definition's <c>training</c>; null when rows are split by chance.</summary>
    internal static SplitPolicy? Read(SectionReader training)
    {
        if (!training.Has("split") || training.IsWord("split", "random"))
        {
            return null;
        }

        var before = training.RefusalCount;
        var split = training.Section("split", $"{Example}', 'split: {{ group: Customer }}' or 'split: random", TimeKey, GroupKey);
        if (training.RefusalCount > before)
        {
            return null;
        }

        if (split.Has(TimeKey) == split.Has(GroupKey))
        {
            split.Refuse(
                training.LineOf("split"),
                $"training.split names {(split.Has(TimeKey) ? "a time and a group" : "nothing")}; expected the column of a time or that of a group.",
                $"Write 'split: {Example}', 'split: {{ group: Customer }}' or 'split: random'.");
            return null;
        }

        var by = split.Has(TimeKey) ? SplitKind.Time : SplitKind.Group;
        return split.Text(by == SplitKind.Time ? TimeKey : GroupKey) is { } column ? new SplitPolicy(by, column) : null;
    }
}
