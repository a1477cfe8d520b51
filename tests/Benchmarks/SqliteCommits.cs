using Microsoft.Data.Sqlite;
using Serverless.Embedded.DurableTask;

namespace Serverless.Tests.Benchmarks;

/// <summary>The yardstick of the engine: what SQLite itself commits on the same disk, as durably, one insert per transaction.</summary>
internal sealed class SqliteCommits : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand insert;
    private readonly SqliteParameter content;

    public SqliteCommits(string path, HubDurability durability)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using (var setUp = connection.CreateCommand())
        {
            var synchronous = durability == HubDurability.PowerLoss ? "FULL" : "NORMAL";
            setUp.CommandText = $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; CREATE TABLE steps (id INTEGER PRIMARY KEY, content TEXT NOT NULL);";
            setUp.ExecuteNonQuery();
        }

        insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO steps (content) VALUES ($content)";
        content = insert.Parameters.Add("$content", SqliteType.Text);
        insert.Prepare();
    }

    /// <summary>Makes so many transactions, each on disk before the next.</summary>
    public void Make(int commits)
    {
        // About the size of a history event.
        content.Value = new string('x', 100);
        for (var i = 0; i < commits; i++)
        {
            insert.ExecuteNonQuery();
        }
    }

    public void Dispose()
    {
        insert.Dispose();
        connection.Dispose();
    }
}
