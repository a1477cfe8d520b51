using Microsoft.Data.Sqlite;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>The SQLite file of a hub.</summary>
internal sealed class HubDatabase
{
    // The write-ahead log is carried over into the file when it has so many pages, and is cut to so many bytes when it begins anew.
    private const int LogPages = 4000;
    private const int LogBytes = 64 << 20;

    private const int IncrementalVacuum = 2;

    private readonly string _path;
    private readonly HubDurability _durability;

    private HubDatabase(string path, HubDurability durability) => (_path, _durability) = (path, durability);

    /// <summary>Opens the file, creates it when missing, and brings it to this build's schema. The caller holds its <see cref="StoreLock"/>.</summary>
    /// <exception cref="InvalidOperationException">It has another schema.</exception>
    /// <exception cref="IOException">It could not be read or written.</exception>
    public static HubDatabase Open(string path, HubDurability durability)
    {
        var database = new HubDatabase(path, durability);
        try
        {
            database.UpdateSchema();
        }
        catch (SqliteException exception)
        {
            throw database.Unreadable(exception);
        }

        return database;
    }

    /// <summary>SQLite's error, for whoever must see to it.</summary>
    public IOException Unreadable(SqliteException reason) => new(
        $"The task hub file '{_path}' could not be read ({reason.Message}) Look whether its disk is full or faulty, and whether the file is whole: "
        + "'PRAGMA integrity_check' in the sqlite3 shell says 'ok' if it is. If it is not, put a copy in its place.",
        reason);

    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false }.ToString());
        try
        {
            connection.Open();

            // auto_vacuum comes first: it takes effect only in a file that is still empty.
            Run(connection, $"""
                PRAGMA busy_timeout = 5000;
                PRAGMA auto_vacuum = INCREMENTAL;
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = {(_durability == HubDurability.PowerLoss ? "FULL" : "NORMAL")};
                PRAGMA wal_autocheckpoint = {LogPages};
                PRAGMA journal_size_limit = {LogBytes};
                PRAGMA temp_store = MEMORY;
                """);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long value ? value : 0;
    }

    private void UpdateSchema()
    {
        using var connection = Connect();
        var version = Read(connection, "PRAGMA user_version");
        if (version > Schema.Steps.Count || (version == 0 && Read(connection, "SELECT count(*) FROM sqlite_master") > 0))
        {
            throw new InvalidOperationException(
                $"The file '{_path}' has schema version {version}, but this build works with versions up to {Schema.Steps.Count}. "
                + "Open it with the build that wrote it, or choose another file.");
        }

        for (var step = (int)version; step < Schema.Steps.Count; step++)
            Run(connection, $"BEGIN IMMEDIATE; {Schema.Steps[step]} PRAGMA user_version = {step + 1}; COMMIT;");

        // A file from before it could shrink is written anew, once, by way of a file: it may be larger than the memory.
        if (Read(connection, "PRAGMA auto_vacuum") != IncrementalVacuum)
            Run(connection, "PRAGMA temp_store = FILE; VACUUM;");
    }
}
