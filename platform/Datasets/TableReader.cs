using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <summary>
/// Reads the rows of one file, whatever its format: the header, then a row at a time, whose fields are text in UTF-8, empty where the file has
/// nothing. Memory is bounded by the longest row, or by what the format makes a reader hold. What cannot be read ends the reading with a
/// <see cref="Refusal"/>.
/// </summary>
/// <remarks>
/// <code>
/// while (await reader.ReadAsync(cancellationToken)) { Use(reader.GetField(0)); }
/// if (reader.Refusal is { } refusal) { … }
/// </code>
/// <para>What a field means (a number, a category, missing) is not decided here, but by <see cref="ValueParser"/>.</para>
/// </remarks>
public abstract class TableReader : IAsyncDisposable
{
    private bool opened;

    /// <summary>Known once <see cref="ReadHeaderAsync"/> or the first <see cref="ReadAsync"/> was true.</summary>
    public TableHeader? Header { get; protected set; }

    /// <summary>Why reading ended before the file's end; null: it did not.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>The row moved to, 1 for the first; 0 before it.</summary>
    public long Row { get; private set; }

    /// <summary>The line of the file where that row begins; null where the format has no lines.</summary>
    public abstract long? Line { get; }

    /// <summary>A field of the row moved to; good until the next move.</summary>
    public abstract ReadOnlySpan<byte> GetField(int column);

    /// <summary>Reads the header; false: refused.</summary>
    public async ValueTask<bool> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (!opened)
        {
            opened = true;
            Refusal = await OpenAsync(cancellationToken);
        }

        return Refusal is null;
    }

    /// <summary>Moves to the next row; false: the file ended, or was refused.</summary>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken) =>
        !opened ? ReadFirstAsync(cancellationToken)
        : Refusal is not null ? new ValueTask<bool>(false)
        : MoveAsync(cancellationToken);

    public abstract ValueTask DisposeAsync();

    /// <summary>Opens the file and reads the header; the refusal, or null.</summary>
    protected abstract ValueTask<Refusal?> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Moves to the next row, and ends in <see cref="Moved"/> or <see cref="Ended"/>.</summary>
    protected abstract ValueTask<bool> MoveAsync(CancellationToken cancellationToken);

    protected bool Moved()
    {
        Row++;
        return true;
    }

    /// <param name="refusal">Why it ended; null: the file did.</param>
    protected bool Ended(Refusal? refusal)
    {
        Refusal = refusal;
        return false;
    }

    private async ValueTask<bool> ReadFirstAsync(CancellationToken cancellationToken) =>
        await ReadHeaderAsync(cancellationToken) && await MoveAsync(cancellationToken);
}
