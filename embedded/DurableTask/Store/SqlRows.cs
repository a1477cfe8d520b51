using SQLitePCL;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>The rows that a statement gives, one after the other.</summary>
internal readonly struct SqlRows(Statement statement, sqlite3_stmt handle) : IDisposable
{
    public int ColumnCount => raw.sqlite3_column_count(handle);

    public bool Read() => statement.Step();

    public bool IsDBNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public int GetInt32(int column) => raw.sqlite3_column_int(handle, column);

    public long GetInt64(int column) => raw.sqlite3_column_int64(handle, column);

    public string GetString(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    public string? GetText(int column) => IsDBNull(column) ? null : GetString(column);

    /// <summary>A text's bytes; valid until the next row is read.</summary>
    public ReadOnlySpan<byte> GetUtf8(int column) => raw.sqlite3_column_blob(handle, column);

    public void Dispose() => statement.Reset();
}
