using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>How many values of a column in a file are numbers, and how many are other text; the rest is missing.</summary>
/// <param name="Numbers">Values that are numbers.</param>
/// <param name="Texts">Values that are other text.</param>
/// <param name="Dates">The dates among the texts.</param>
internal readonly record struct ColumnSurvey(long Numbers, long Texts, DateForms Dates);

/// <summary>What a first reading of a file finds: whether it is well-formed, its columns, what their values look like, its classes.</summary>
internal sealed record FileSurvey(
    SourceFile Source,
    TableFormat Format,
    TableHeader Header,
    long Rows,
    IReadOnlyDictionary<string, ColumnSurvey> Columns,
    IReadOnlyDictionary<string, long> TargetCounts)
{
    /// <summary>More distinct values than this are not counted one by one: such a column is no target of classes anyhow.</summary>
    private const int MaxTargetValues = 1000;

    /// <summary>Reads a file to its end, or to where it is refused.</summary>
    public static async Task<(FileSurvey? Survey, Refusal? Refusal, long Rows)> TakeAsync(
        SourceFile source, TableFormat format, ModelDefinition definition, TableLimits limits, CancellationToken cancellationToken)
    {
        await using var reader = format.Open(source.Path, limits);
        if (!await reader.ReadHeaderAsync(cancellationToken) || reader.Header is not { } header)
        {
            return (null, reader.Refusal, 0);
        }

        if (HeaderRefusal(header, definition) is { } refusal)
        {
            return (null, refusal, 0);
        }

        var target = header.IndexOf(definition.Target.Column);
        var columns = header.Columns.Select(_ => new ColumnSurvey(0, 0, new DateForms())).ToArray();
        var targets = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            Count(reader, columns, target, targets);
        }

        if (reader.Refusal is { } malformed)
        {
            return (null, malformed, reader.Row);
        }

        var byName = header.Columns.Zip(columns).ToDictionary(c => c.First, c => c.Second, StringComparer.Ordinal);
        return (new FileSurvey(source, format, header, reader.Row, byName, targets), null, reader.Row);
    }

    private static void Count(TableReader row, ColumnSurvey[] columns, int target, Dictionary<string, long> targets)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            var value = row.GetField(i);
            if (i == target)
            {
                var text = TargetValue.Of(value);
                if (text.Length > 0 && (targets.Count < MaxTargetValues || targets.ContainsKey(text)))
                {
                    targets[text] = targets.GetValueOrDefault(text) + 1;
                }
            }

            if (!ValueParser.TryNumber(value, out var number))
            {
                columns[i] = columns[i] with { Texts = columns[i].Texts + 1 };
                columns[i].Dates.Count(ValueParser.Trim(value));
            }
            else if (!float.IsNaN(number))
            {
                columns[i] = columns[i] with { Numbers = columns[i].Numbers + 1 };
            }
        }
    }

    private static Refusal? HeaderRefusal(TableHeader header, ModelDefinition definition)
    {
        if (header.Columns.FirstOrDefault(c => DatasetColumns.IsReserved(c)) is { } reserved)
        {
            return new Refusal($"The header has a column '{reserved}', a name the platform uses itself.", "Rename the column.", Column: reserved, Line: header.Line);
        }

        if (Missing(header, definition.Target.Column, "the target of the definition") is { } noTarget)
        {
            return noTarget;
        }

        foreach (var sensitive in definition.Sensitive)
        {
            if (Missing(header, sensitive, "which the definition calls sensitive, so that evaluation slices by it") is { } noSensitive)
            {
                return noSensitive;
            }
        }

        return null;
    }

    private static Refusal? Missing(TableHeader header, string column, string role)
    {
        if (header.Columns.Contains(column))
        {
            return null;
        }

        var found = header.Columns.Count == 1
            ? $"found one column only, '{ValueExcerpt.Of(header.Columns[0])}'"
            : $"found {string.Join(", ", header.Columns.Take(20).Select(c => $"'{ValueExcerpt.Of(c)}'"))}{(header.Columns.Count > 20 ? ", …" : "")}";
        var remedy = NearestName.Of(column, header.Columns) is { } nearest
            ? $"If '{nearest}' is meant, rename it or correct the definition; names are compared letter by letter."
            : "Add the column, or correct the definition.";
        return new Refusal($"The file has no column '{column}', {role}; {found}.", remedy, Column: column, Line: header.Line);
    }
}
