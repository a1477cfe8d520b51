using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets.Identifiers;

/// <summary>A file's rows without the direct identifiers that were found in it: whoever reads through this cannot store one.</summary>
internal sealed class MaskedTableReader : TableReader
{
    private readonly TableReader inner;
    private readonly IdentifierMask?[] masks;
    private readonly byte[]?[] values;
    private readonly long[] rows;

    /// <param name="inner">The file's reader; disposed of with this one.</param>
    /// <param name="header">The file's columns.</param>
    /// <param name="found">What was found in which column.</param>
    public MaskedTableReader(TableReader inner, TableHeader header, IReadOnlyList<FoundIdentifiers> found)
    {
        this.inner = inner;
        masks = new IdentifierMask?[header.Columns.Count];
        values = new byte[]?[header.Columns.Count];
        rows = new long[header.Columns.Count];
        foreach (var column in found.GroupBy(f => f.Column))
        {
            masks[header.IndexOf(column.Key)] = new IdentifierMask(column.Select(f => f.Kind).ToHashSet());
        }
    }

    public override long? Line => inner.Line;

    public override ReadOnlySpan<byte> GetField(int column)
    {
        if (masks[column] is not { } mask)
        {
            return inner.GetField(column);
        }

        // A field is asked for more than once, and must stay good meanwhile.
        if (rows[column] != Row || values[column] is not { } value)
        {
            value = mask.Apply(inner.GetField(column)).ToArray();
            values[column] = value;
            rows[column] = Row;
        }

        return value;
    }

    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    protected override async ValueTask<Refusal?> OpenAsync(CancellationToken cancellationToken)
    {
        await inner.ReadHeaderAsync(cancellationToken);
        Header = inner.Header;
        return inner.Refusal;
    }

    protected override async ValueTask<bool> MoveAsync(CancellationToken cancellationToken) =>
        await inner.ReadAsync(cancellationToken) ? Moved() : Ended(inner.Refusal);
}
