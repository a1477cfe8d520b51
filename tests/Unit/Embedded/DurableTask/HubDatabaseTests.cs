using Microsoft.Data.Sqlite;
using Serverless.Embedded.DurableTask;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class HubDatabaseTests
{
    [Theory]
    [InlineData(HubDurability.ProcessCrash, 1)]
    [InlineData(HubDurability.PowerLoss, 2)]
    public void Connect_Durability_SetsHowSqliteFlushes(HubDurability durability, long synchronous)
    {
        var folder = Directory.CreateTempSubdirectory("hub-database-");
        using (var connection = HubDatabase.Open(Path.Combine(folder.FullName, "hub.db"), durability).Connect())
        {
            Assert.Equal(synchronous, Read(connection, "PRAGMA synchronous"));
            Assert.Equal(2L, Read(connection, "PRAGMA auto_vacuum"));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Open_FileOfTheFirstVersion_GoesOnWithWhatIsInIt()
    {
        await using var hub = new TestHub().Activity<int, int>("double", value => 2 * value).Orchestrator("story", async context =>
        {
            var doubled = await context.CallActivityAsync<int>("double", 4);
            return doubled + await context.WaitForExternalEvent<int>("more");
        });
        Execute(hub.DatabasePath, $$"""
            PRAGMA journal_mode = WAL; {{Schema.Steps[0]}} PRAGMA user_version = 1;
            INSERT INTO instances VALUES (7, 'old', 1, 'story', '', 0, 1, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
            INSERT INTO history VALUES
              (1, 7, 0, '{"event":"episodeStarted","utc":"2026-01-01T00:00:00Z"}'),
              (2, 7, 1, '{"event":"executionStarted","name":"story","version":"","execution":1}'),
              (3, 7, 2, '{"event":"activityScheduled","taskId":0,"name":"double"}');
            INSERT INTO inbox VALUES (9, 7, NULL, NULL, NULL, '{"event":"eventRaised","name":"more","data":"1"}');
            INSERT INTO activities VALUES (8, 7, 1, 0, 'double', '4');
            """);

        await hub.StartAsync();

        Assert.Equal(9, (await hub.CompletionAsync("old")).ReadOutputAs<int>());
        using var connection = new SqliteConnection($"Data Source={hub.DatabasePath};Pooling=False");
        connection.Open();
        Assert.Equal(2L, Read(connection, "PRAGMA auto_vacuum"));
    }

    [Fact]
    public async Task Write_ReaderHoldsTheLog_CutsItWhenTheReaderIsGone()
    {
        await using var hub = await new TestHub().Orchestrator("echo", context => Task.FromResult(context.GetInput<string>())).StartAsync();
        var log = new FileInfo(hub.DatabasePath + "-wal");
        var input = new string('x', 100_000);
        using (var connection = new SqliteConnection($"Data Source={hub.DatabasePath};Pooling=False"))
        {
            connection.Open();
            Execute(connection, "BEGIN; SELECT * FROM instances;");
            while (Length(log) < 80 << 20)
                await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => hub.RunAsync("echo", input)));
        }

        await Poll.UntilTrueAsync(
            () =>
            {
                hub.RunAsync("echo", input).GetAwaiter().GetResult();
                return Length(log) <= 64 << 20;
            },
            () => $"The log has {Length(log)} bytes, with no reader left.");
    }

    private static long Length(FileInfo file)
    {
        file.Refresh();
        return file.Length;
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Execute(connection, sql);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
