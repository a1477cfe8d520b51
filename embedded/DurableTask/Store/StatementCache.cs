using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>A connection and the statements it has prepared. One thread at a time.</summary>
internal sealed class StatementCache(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, Statement> _statements = [];

    public bool IsInTransaction => connection.Handle is { } handle && raw.sqlite3_get_autocommit(handle) == 0;

    public Statement this[string sql]
    {
        get
        {
            if (!_statements.TryGetValue(sql, out var statement))
                _statements[sql] = statement = new Statement(connection, sql);
            return statement;
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        connection.Dispose();
    }
}
