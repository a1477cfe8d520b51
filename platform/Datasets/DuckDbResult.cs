using System.Runtime.InteropServices;
using System.Text;

namespace Serverless.Platform.Datasets;

/// <summary>The rows of a query, chunk by chunk.</summary>
public sealed class DuckDbResult : IDisposable
{
    private readonly DuckDbResultHandle handle;
    private readonly DuckDbType[] types;

    internal DuckDbResult(DuckDbResultHandle handle)
    {
        this.handle = handle;
        types = new DuckDbType[DuckDbNative.ColumnCount(handle)];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = DuckDbNative.ColumnType(handle, (ulong)i);
        }
    }

    public IReadOnlyList<DuckDbType> Types => types;

    public string NameOf(int column) => Marshal.PtrToStringUTF8(DuckDbNative.ColumnName(handle, (ulong)column)) ?? "";

    /// <summary>The next rows, some thousands at most; null: there are no more. The caller disposes of each chunk.</summary>
    public DuckDbChunk? NextChunk()
    {
        var chunk = DuckDbNative.FetchChunk(handle.Data);
        if (!chunk.IsInvalid)
        {
            return new DuckDbChunk(chunk, types);
        }

        chunk.Dispose();
        var error = Marshal.PtrToStringUTF8(DuckDbNative.ResultError(handle));
        return string.IsNullOrEmpty(error) ? null : throw new DuckDbException($"DuckDB could not fetch the result: {error}", error);
    }

    public void Dispose() => handle.Dispose();
}

/// <summary>Some rows of a result, as one vector of values for each column.</summary>
public sealed unsafe class DuckDbChunk : IDisposable
{
    private readonly DuckDbChunkHandle handle;
    private readonly DuckDbType[] types;
    private readonly nint[] data;
    private readonly nint[] validity;

    internal DuckDbChunk(DuckDbChunkHandle handle, DuckDbType[] types)
    {
        this.handle = handle;
        this.types = types;
        RowCount = (int)DuckDbNative.ChunkSize(handle);
        data = new nint[types.Length];
        validity = new nint[types.Length];
        for (var i = 0; i < types.Length; i++)
        {
            var vector = DuckDbNative.Vector(handle, (ulong)i);
            data[i] = DuckDbNative.VectorData(vector);
            validity[i] = (nint)DuckDbNative.VectorValidity(vector);
        }
    }

    public int RowCount { get; }

    public bool IsNull(int column, int row)
    {
        Require(row);
        return validity[column] != 0 && (((ulong*)validity[column])[row / 64] >> (row % 64) & 1) == 0;
    }

    /// <summary>The column's values; those of null rows mean nothing. Good until the chunk is disposed of.</summary>
    /// <exception cref="InvalidOperationException">The column has another type.</exception>
    public ReadOnlySpan<float> Floats(int column) => Values<float>(column, DuckDbType.Float);

    /// <inheritdoc cref="Floats"/>
    public ReadOnlySpan<double> Doubles(int column) => Values<double>(column, DuckDbType.Double);

    /// <inheritdoc cref="Floats"/>
    public ReadOnlySpan<long> Integers(int column) => Values<long>(column, DuckDbType.Int64);

    /// <inheritdoc cref="Floats"/>
    public ReadOnlySpan<ulong> UnsignedIntegers(int column) => Values<ulong>(column, DuckDbType.UInt64);

    /// <summary>A text's UTF-8 bytes, empty where null. Good until the chunk is disposed of.</summary>
    public ReadOnlySpan<byte> Utf8(int column, int row)
    {
        var texts = Values<DuckDbText>(column, DuckDbType.Text);
        if (IsNull(column, row))
        {
            return [];
        }

        // Up to 12 bytes stand in the element itself, longer ones elsewhere; the element is in unmanaged memory and does not move.
        var element = (byte*)data[column] + ((nint)row * sizeof(DuckDbText));
        var length = texts[row].Length;
        return new ReadOnlySpan<byte>(length <= DuckDbText.MaxInline ? element + sizeof(int) : (byte*)texts[row].Pointer, length);
    }

    /// <summary>A text, null where null.</summary>
    public string? Text(int column, int row) => IsNull(column, row) ? null : Encoding.UTF8.GetString(Utf8(column, row));

    public void Dispose() => handle.Dispose();

    private ReadOnlySpan<T> Values<T>(int column, DuckDbType type)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed, this);
        return types[column] == type
            ? new ReadOnlySpan<T>((void*)data[column], RowCount)
            : throw new InvalidOperationException($"Column {column} of the result is {types[column]}; expected {type}.");
    }

    private void Require(int row)
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)RowCount, nameof(row));
    }
}

/// <summary>duckdb_string_t in its long form.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct DuckDbText
{
    public const int MaxInline = 12;

    public readonly int Length;
    private readonly int prefix;
    public readonly nint Pointer;
}
