using System.Globalization;
using System.Text;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>Looks for direct identifiers in a file as it is read for the first time, in all columns: those of the ignored ones are never stored, but a copy of the file would hold them.</summary>
internal sealed class IdentifierSurvey(ModelDefinition definition)
{
    private TableHeader? header;
    private ColumnIdentifiers?[] columns = [];
    private bool[] isStored = [];
    private long[] values = [];
    private bool isInHeader;

    /// <summary>Takes the header into account; the refusal where it names somebody, since it is then a row.</summary>
    public Refusal? Begin(TableHeader found)
    {
        header = found;
        columns = new ColumnIdentifiers?[found.Columns.Count];
        values = new long[found.Columns.Count];
        isStored = [.. found.Columns.Select(c => !definition.Ignore.Contains(c) || definition.Sensitive.Contains(c))];
        for (var i = 0; i < found.Columns.Count; i++)
        {
            var name = Encoding.UTF8.GetBytes(found.Columns[i]);
            if (IdentifierFinder.MayHold(name) && IdentifierFinder.TryFind(name, 0, out var identifier) && identifier.IsCertain
                && definition.Data.Identifiers.Of(identifier.Kind) != IdentifierAction.Allow)
            {
                isInHeader = true;
                return new Refusal(
                    $"The name of column {i + 1} holds what looks like a direct identifier ({FoundIdentifiers.NameOf(identifier.Kind)}); expected the columns' names.",
                    "If the first line is data, put a line with the columns' names before it; else rename the column.", Line: found.Line);
            }
        }

        return null;
    }

    /// <summary>Takes a row into account.</summary>
    public void Count(TableReader row)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            var value = ValueParser.Category(row.GetField(i));
            if (value.IsEmpty)
            {
                continue;
            }

            values[i]++;
            if (IdentifierFinder.MayHold(value))
            {
                (columns[i] ??= new ColumnIdentifiers(new EmbeddedCardNumbers())).Count(value, ValueParser.TryNumber(value, out _));
            }
        }
    }

    /// <summary>What the rows so far hold of what the definition does not allow, in columns that may be stored.</summary>
    public IReadOnlyList<FoundIdentifiers> Find() => [.. FindIn(i => isStored[i])];

    /// <summary>Whether the file so far holds any that the definition does not allow, ignored columns and header included.</summary>
    public bool AreHeld() => isInHeader || FindIn(_ => true).Any();

    /// <summary>Why a file is refused for what was found in it; null: it is not.</summary>
    public Refusal? Refuse(IReadOnlyList<FoundIdentifiers> found)
    {
        if (found.FirstOrDefault(IsRefused) is not { } column)
        {
            return null;
        }

        var kind = column.Count == 1 ? FoundIdentifiers.NameOf(column.Kind) : FoundIdentifiers.PluralOf(column.Kind);
        return new Refusal(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The column '{column.Column}' {(column.IsColumn ? "is made of direct identifiers" : "has direct identifiers within its texts")}: {column.Count} {kind}. Nothing of the file was stored or copied."),
            "Remove the column from the file, or name it under 'ignore' in the definition: it is then read over and never stored. With 'data: { identifiers: mask }' "
                + "each becomes the same word. Delete the file that was dropped if it should not be there.",
            Column: column.Column);
    }

    private IEnumerable<FoundIdentifiers> FindIn(Func<int, bool> isMeant) => header is null
        ? []
        : columns.SelectMany((column, i) => isMeant(i) ? column?.Decide(header.Columns[i], values[i], definition.Data.Identifiers) ?? [] : []);

    private bool IsRefused(FoundIdentifiers found) => definition.Data.Identifiers.Of(found.Kind) switch
    {
        IdentifierAction.Refuse => true,
        IdentifierAction.RefuseColumn => found.IsColumn,
        _ => false,
    };
}
