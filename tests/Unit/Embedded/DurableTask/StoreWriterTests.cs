using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Embedded.DurableTask;
using Serverless.Embedded.DurableTask.History;
using Serverless.Embedded.DurableTask.Store;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

public sealed class StoreWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("store-writer-").FullName;
    private readonly HubDatabase _database;
    private readonly SqliteConnection _connection;

    public StoreWriterTests()
    {
        _database = HubDatabase.Open(Path.Combine(_folder, "hub.db"), HubDurability.ProcessCrash);
        _connection = _database.Connect();
    }

    [Fact]
    public async Task WriteAsync_OneStepThrows_UndoesThatOneOnly()
    {
        using var writer = Writer(NullLogger.Instance);
        var steps = Enumerable.Range(0, 20).Select(i => writer.WriteAsync(
            transaction =>
            {
                Append(transaction, i);
                return i == 7 ? throw new InvalidDataException("seven") : i;
            },
            CancellationToken.None)).ToList();

        await Assert.ThrowsAsync<InvalidDataException>(() => steps[7]);
        await Task.WhenAll(steps.Where(step => step != steps[7]));

        Assert.Equal(Enumerable.Range(0, 20).Where(i => i != 7), Stored());
    }

    [Fact]
    public async Task WriteAsync_ConstraintBroken_RejectsTheStep()
    {
        using var writer = Writer(NullLogger.Instance);
        await writer.WriteAsync(transaction => Append(transaction, 0), CancellationToken.None);

        await Assert.ThrowsAsync<SqliteException>(() => writer.WriteAsync(transaction => Append(transaction, 0), CancellationToken.None));
        await writer.WriteAsync(transaction => Append(transaction, 1), CancellationToken.None);

        Assert.Equal([0, 1], Stored());
    }

    [Fact]
    public async Task WriteAsync_DiskDoesNotTakeIt_TriesAgainUntilItDoes()
    {
        Execute("PRAGMA query_only = ON");
        var failures = 0;
        using var writer = Writer(new OnError(() =>
        {
            if (++failures == 2)
                Execute("PRAGMA query_only = OFF");
        }));

        await writer.WriteAsync(transaction => Append(transaction, 5), CancellationToken.None);

        Assert.Equal((2, 5), (failures, Stored().Single()));
    }

    [Fact]
    public async Task WriteAsync_AfterClose_IsRefused()
    {
        using var writer = Writer(NullLogger.Instance);
        var last = writer.WriteAsync(transaction => Append(transaction, 3), CancellationToken.None);
        writer.Close();

        await last;
        await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.WriteAsync(transaction => Append(transaction, 4), CancellationToken.None));
        Assert.Equal([3], Stored());
    }

    public void Dispose()
    {
        _connection.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool Append(StoreTransaction transaction, int sequence)
    {
        transaction.AppendHistory(1, sequence, HistoryJson.Write([new TimerFired(sequence)]));
        return true;
    }

    private StoreWriter Writer(ILogger logger) => new(_connection, new StoreIds(0), _ => { }, logger);

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private List<int> Stored()
    {
        using var connection = _database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sequence FROM history ORDER BY sequence";
        using var reader = command.ExecuteReader();
        List<int> stored = [];
        while (reader.Read())
            stored.Add(reader.GetInt32(0));
        return stored;
    }

    private sealed class OnError(Action act) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error)
                act();
        }
    }
}
