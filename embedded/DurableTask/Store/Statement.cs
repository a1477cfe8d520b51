using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>
/// A prepared statement with parameters ?1, ?2, …, given to SQLite without ADO.NET in between, whose commands cost more than most of
/// these statements do. One thread at a time.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <exception cref="SqliteException">SQLite does not understand the statement.</exception>
    public Statement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>How many rows it inserted, updated or deleted.</returns>
    /// <exception cref="SqliteException">SQLite refuses it.</exception>
    public int Execute(params ReadOnlySpan<SqlValue> values)
    {
        using var rows = Query(values);
        while (rows.Read())
        {
        }

        return raw.sqlite3_changes(_database);
    }

    /// <summary>Begins it. The rows are to be disposed of before it is run again.</summary>
    public SqlRows Query(params ReadOnlySpan<SqlValue> values)
    {
        for (var i = 0; i < values.Length; i++)
            Check(Bind(i + 1, values[i]));
        return new SqlRows(this, _statement);
    }

    /// <returns>Whether there is another row.</returns>
    /// <exception cref="SqliteException">SQLite refuses it.</exception>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        Check(result);
        return result == raw.SQLITE_ROW;
    }

    // What it returns is the error of the last step, which has been thrown already.
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public void Dispose() => _statement.Dispose();

    private int Bind(int position, SqlValue value) => value switch
    {
        { Number: { } number } => raw.sqlite3_bind_int64(_statement, position, number),
        { Text: string text } => raw.sqlite3_bind_text(_statement, position, text),
        { Text: byte[] utf8 } => raw.sqlite3_bind_text(_statement, position, utf8),
        _ => raw.sqlite3_bind_null(_statement, position),
    };

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
