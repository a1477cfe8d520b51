using Microsoft.Data.Sqlite;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>The SQLite file of a hub, held for this process alone.</summary>
internal sealed class HubDatabase : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _path;

    private HubDatabase(string path, FileStream @lock)
    {
        _path = path;
        _lock = @lock;
    }

    /// <exception cref="InvalidOperationException">Another process has the file open, or it has another schema.</exception>
    public static HubDatabase Open(string path)
    {
        var fullPath = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(fullPath) ?? ".");
        var database = new HubDatabase(fullPath, Lock(fullPath));
        try
        {
            database.UpdateSchema();
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new InvalidOperationException(
                $"The task hub file '{path}' is in use by another process, or its lock file cannot be written ({exception.Message}) "
                + "A task hub belongs to one process: stop the other one, or give this one a file of its own.",
                exception);
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
    }
}
