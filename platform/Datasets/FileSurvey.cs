using System.Text;
using Serverless.Platform.Datasets.Contracts;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

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

    /// <summary>The direct identifiers that are masked in it.</summary>
    public IReadOnlyList<FoundIdentifiers> Masked { get; init; } = [];

    /// <summary>What its rows are held against when it is read again.</summary>
    public ContractCheck Contract { get; init; } = ContractCheck.None;

    /// <summary>Reads a file to its end, or to where it is refused.</summary>
    /// <param name="source">The file.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="definition">The model's definition.</param>
    /// <param name="contract">What files have to keep to; null: nothing yet.</param>
    /// <param name="limits">When to refuse.</param>
    /// <param name="ticker">Counts the rows read.</param>
    /// <param name="identifiers">What looks for direct identifiers meanwhile; null: they were looked for.</param>
    /// <param name="masked">What was found, and is masked.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static async Task<(FileSurvey? Survey, Refusal? Refusal, long Rows)> TakeAsync(
        SourceFile source,
        TableFormat format,
        ModelDefinition definition,
        DataContract? contract,
        TableLimits limits,
        RowTicker ticker,
        IdentifierSurvey? identifiers,
        IReadOnlyList<FoundIdentifiers> masked,
        CancellationToken cancellationToken)
    {
        await using var reader = await OpenAsync(source, format, limits, masked, cancellationToken);
        if (!await reader.ReadHeaderAsync(cancellationToken) || reader.Header is not { } header)
        {
            return (null, reader.Refusal, 0);
        }

        var (rules, lacking) = contract is null ? (null, null) : ContractSurvey.Begin(contract, header, definition);
        if ((identifiers?.Begin(header) ?? HeaderRefusal(header, definition) ?? lacking) is { } refusal)
        {
            // Whether the file may be copied into quarantine hangs on what its rows hold.
            while (identifiers is not null && await reader.ReadAsync(cancellationToken))
            {
                identifiers.Count(reader);
            }

            return (null, refusal, 0);
        }

        var target = header.IndexOf(definition.Target.Column);
        var columns = header.Columns.Select(_ => new ColumnSurvey()).ToArray();
        var targets = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            ticker.Tick();
            identifiers?.Count(reader);
            rules?.Count(reader);
            Count(reader, columns, target, targets, predictsNumbers: definition.Task == LearningTask.Regression);
        }

        if (reader.Refusal is { } malformed)
        {
            return (null, malformed, reader.Row);
        }

        if (rules?.Refuse(source.DroppedAt) is { } stale)
        {
            return (null, stale, reader.Row);
        }

        var byName = header.Columns.Zip(columns).ToDictionary(c => c.First, c => c.Second, StringComparer.Ordinal);
        return (new FileSurvey(source, format, header, reader.Row, byName, targets) { Masked = masked, Contract = rules?.Check(reader.Row) ?? ContractCheck.None }, null, reader.Row);
    }

    /// <summary>Reads the file again.</summary>
    public TableReader Open(TableLimits limits) => Masked.Count == 0
        ? Format.Open(Source.Path, limits, Header)
        : new MaskedTableReader(Format.Open(Source.Path, limits, Header), Header, Masked);

    private static async Task<TableReader> OpenAsync(
        SourceFile source, TableFormat format, TableLimits limits, IReadOnlyList<FoundIdentifiers> masked, CancellationToken cancellationToken)
    {
        var reader = format.Open(source.Path, limits);
        return masked.Count > 0 && await reader.ReadHeaderAsync(cancellationToken) && reader.Header is { } header
            ? new MaskedTableReader(reader, header, masked)
            : reader;
    }

    private static void Count(TableReader row, ColumnSurvey[] columns, int target, Dictionary<string, long> targets, bool predictsNumbers)
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

            // Of a target of classes its values are all there is to know.
            if (i != target || predictsNumbers)
            {
                columns[i].Count(value);
            }
        }
    }

    private static Refusal? HeaderRefusal(TableHeader header, ModelDefinition definition)
    {
        if (header.Columns.FirstOrDefault(c => DatasetColumns.IsReserved(c)) is { } reserved)
        {
            return new Refusal($"The header has a column '{reserved}', a name the platform uses itself.", "Rename the column.", Column: reserved, Line: header.Line);
        }

        var named = new List<(string Column, string Role)> { (definition.Target.Column, "the target of the definition") };
        if (definition.Training.Split is { } split) named.Add((split.Column, "by which the definition splits rows"));
        named.AddRange(definition.Sensitive.Select(s => (s, "which the definition calls sensitive, so that evaluation slices by it")));
        named.RemoveAll(n => header.Columns.Contains(n.Column));
        return named.Count == 0 ? null : Missing(header, named);
    }

    /// <summary>A file without columns that the definition names: all of them at once.</summary>
    private static Refusal Missing(TableHeader header, List<(string Column, string Role)> named)
    {
        var (first, isHeader) = (named[0].Column, !header.Columns.Any(LooksLikeAValue));
        var found = !isHeader ? $"its first line has {header.Columns.Count} values, some of them numbers or dates, and looks like a row and not like a header"
            : header.Columns.Count == 1 ? $"found one column only, '{ValueExcerpt.Of(header.Columns[0])}'"
            : $"found {string.Join(", ", header.Columns.Take(20).Select(c => $"'{ValueExcerpt.Of(c)}'"))}{(header.Columns.Count > 20 ? ", …" : "")}";
        var remedy = !isHeader ? "Begin the file with a line of the columns' names."
            : named.Count == 1 && NearestName.Of(first, header.Columns) is { } nearest
                ? $"If '{nearest}' is meant, rename it or correct the definition; names are compared letter by letter."
            : $"Add the {(named.Count == 1 ? "column" : "columns")}, or correct the definition; names are compared letter by letter.";
        return new Refusal($"The file has no column {string.Join(", nor ", named.Select(n => $"'{n.Column}', {n.Role}"))}; {found}.", remedy, Column: first, Line: header.Line);
    }

    /// <summary>Whether a header's cell is one of a row, which may name somebody: a file whose header was forgotten is not quoted.</summary>
    private static bool LooksLikeAValue(string cell) =>
        cell.Length > 0 && (ValueParser.TryNumber(cell, out _) || DateValue.TryRead(Encoding.UTF8.GetBytes(cell), out _));
}
