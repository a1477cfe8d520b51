using System.Runtime.InteropServices;

namespace Serverless.Platform.Datasets;

/// <summary>Adds rows to a table, gathered into vectors so that a value costs one write into memory.</summary>
/// <remarks>Rows are in the table once <see cref="Complete"/> was called. Memory is bounded: long texts go into the table sooner.</remarks>
public sealed unsafe class DuckDbAppender : IDisposable
{
    /// <summary>
    /// So many bytes of texts are held at most, and a row more. DuckDB itself puts rows into the table by 204,800, whatever their length, and holds
    /// them in memory that it does not count until then.
    /// </summary>
    private const long MostHeldBytes = 16L << 20;

    private static readonly int Capacity = (int)DuckDbNative.VectorSize();

    private readonly string table;
    private readonly DuckDbType[] types;
    private readonly DuckDbAppenderHandle appender;
    private readonly DuckDbChunkHandle chunk;
    private readonly nint[] vectors;
    private readonly nint[] data;
    private int row;
    private long heldBytes;

    /// <param name="connection">Where the table is.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="types">The types of all of its columns, in order.</param>
    public DuckDbAppender(DuckDbConnection connection, string table, IReadOnlyList<DuckDbType> types)
    {
        this.table = table;
        this.types = [.. types];
        vectors = new nint[types.Count];
        data = new nint[types.Count];
        chunk = CreateChunk(this.types);
        var state = DuckDbNative.CreateAppender(connection.Handle, null, table, out appender);
        if (state != DuckDbNative.Success)
        {
            chunk.Dispose();
            Check(state);
        }

        FindVectors();
    }

    public void Set(int column, float value) => Write(column, DuckDbType.Float, value);

    public void Set(int column, long value) => Write(column, DuckDbType.Int64, value);

    public void Set(int column, ulong value) => Write(column, DuckDbType.UInt64, value);

    public void Set(int column, ReadOnlySpan<byte> utf8)
    {
        Require(column, DuckDbType.Text);
        heldBytes += utf8.Length;
        fixed (byte* bytes = utf8)
        {
            byte none = 0;
            DuckDbNative.AssignText(vectors[column], (ulong)row, bytes is null ? &none : bytes, (ulong)utf8.Length);
        }
    }

    public void SetNull(int column)
    {
        DuckDbNative.EnsureValidityWritable(vectors[column]);
        DuckDbNative.VectorValidity(vectors[column])[row / 64] &= ~(1UL << (row % 64));
    }

    /// <summary>Ends a row, all of whose columns were set.</summary>
    public void EndRow()
    {
        row++;
        if (row == Capacity || heldBytes >= MostHeldBytes)
        {
            Flush();
        }
    }

    /// <summary>Puts the last rows into the table.</summary>
    public void Complete()
    {
        Flush();
        Check(DuckDbNative.CloseAppender(appender));
    }

    public void Dispose()
    {
        chunk.Dispose();
        appender.Dispose();
    }

    private void Flush()
    {
        if (row > 0)
        {
            DuckDbNative.SetChunkSize(chunk, (ulong)row);
            Check(DuckDbNative.AppendChunk(appender, chunk));
            DuckDbNative.ResetChunk(chunk);
            FindVectors();
            row = 0;
        }

        if (heldBytes >= MostHeldBytes)
        {
            Check(DuckDbNative.FlushAppender(appender));
            heldBytes = 0;
        }
    }

    private void FindVectors()
    {
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] = DuckDbNative.Vector(chunk, (ulong)i);
            data[i] = DuckDbNative.VectorData(vectors[i]);
        }
    }

    private void Write<T>(int column, DuckDbType type, T value)
        where T : unmanaged
    {
        Require(column, type);
        ((T*)data[column])[row] = value;
    }

    private void Require(int column, DuckDbType type)
    {
        ObjectDisposedException.ThrowIf(chunk.IsClosed, this);
        if (types[column] != type)
        {
            throw new InvalidOperationException($"Column {column} of table '{table}' is {types[column]}; a value of type {type} was given.");
        }
    }

    private void Check(int state)
    {
        if (state != DuckDbNative.Success)
        {
            var error = Marshal.PtrToStringUTF8(DuckDbNative.AppenderError(appender));
            throw new DuckDbException($"DuckDB could not append to '{table}': {error}", error);
        }
    }

    private static DuckDbChunkHandle CreateChunk(DuckDbType[] types)
    {
        var logical = Array.ConvertAll(types, DuckDbNative.CreateLogicalType);
        fixed (nint* first = logical)
        {
            var created = DuckDbNative.CreateChunk(first, (ulong)logical.Length);
            foreach (ref var type in logical.AsSpan())
            {
                DuckDbNative.DestroyLogicalType(ref type);
            }

            return created.IsInvalid ? throw new DuckDbException("DuckDB could not create a data chunk.") : created;
        }
    }
}
