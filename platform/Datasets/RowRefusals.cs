using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>Why rows of a file are refused: the first reasons in full, and how many there are of each.</summary>
internal sealed class RowRefusals
{
    private readonly List<Refusal> listed = [];
    private readonly Dictionary<(string Rule, string Column), long> counts = [];

    /// <summary>The first <see cref="DatasetBuilder.MaxRowRefusals"/> reasons.</summary>
    public IReadOnlyList<Refusal> Listed => listed;

    /// <summary>All reasons by rule and column, the most frequent first.</summary>
    public IReadOnlyList<RefusalCount> Counts =>
    [
        .. counts.Select(c => new RefusalCount(c.Key.Rule, c.Key.Column, c.Value))
            .OrderByDescending(c => c.Count).ThenBy(c => c.Column, StringComparer.Ordinal).ThenBy(c => c.Rule, StringComparer.Ordinal),
    ];

    /// <summary>Counts a reason; whether it is one of those that are listed too.</summary>
    public bool Count(string rule, string column)
    {
        counts[(rule, column)] = counts.GetValueOrDefault((rule, column)) + 1;
        return listed.Count < DatasetBuilder.MaxRowRefusals;
    }

    /// <summary>Lists a reason that was counted.</summary>
    public void List(string rule, TableReader row, string column, string reason, string remedy) =>
        listed.Add(new Refusal(reason, remedy, row.Row, column, row.Line) { Rule = rule });
}
