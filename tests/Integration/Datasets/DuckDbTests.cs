using Serverless.Platform.Datasets;

namespace Serverless.Tests.Integration.Datasets;

public sealed class DuckDbTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Query_Parameters_ComeBackTyped()
    {
        using var connection = DuckDbConnection.Open();
        using var result = connection.Query("SELECT ?::VARCHAR, ?::BIGINT, ?::DOUBLE, ?::VARCHAR, ?::VARCHAR", Token, "it's longer than twelve bytes: é", 1L << 40, 0.5, null, "");
        using var chunk = result.NextChunk();

        Assert.NotNull(chunk);
        Assert.Equal("it's longer than twelve bytes: é", chunk.Text(0, 0));
        Assert.Equal(1L << 40, chunk.Integers(1)[0]);
        Assert.Equal(0.5, chunk.Doubles(2)[0]);
        Assert.Null(chunk.Text(3, 0));
        Assert.Equal("", chunk.Text(4, 0));
        Assert.Null(result.NextChunk());
    }

    [Fact]
    public void Append_ManyRowsWithNulls_AreAllThere()
    {
        const int Rows = 10_000;
        using var connection = DuckDbConnection.Open();
        connection.Execute("CREATE TABLE t (f FLOAT, s VARCHAR, u UBIGINT, i BIGINT)", Token);
        using (var appender = new DuckDbAppender(connection, "t", [DuckDbType.Float, DuckDbType.Text, DuckDbType.UInt64, DuckDbType.Int64]))
        {
            for (var i = 0; i < Rows; i++)
            {
                if (i % 3 == 0)
                {
                    appender.SetNull(0);
                    appender.SetNull(1);
                }
                else
                {
                    appender.Set(0, i / 2f);
                    appender.Set(1, i % 2 == 0 ? ""u8 : "more than twelve bytes"u8);
                }

                appender.Set(2, ulong.MaxValue - (ulong)i);
                appender.Set(3, (long)-i);
                appender.EndRow();
            }

            appender.Complete();
        }

        using var result = connection.Query("SELECT f, s, u, i FROM t ORDER BY u DESC", Token);
        var row = 0;
        while (result.NextChunk() is { } chunk)
        {
            using (chunk)
            {
                for (var r = 0; r < chunk.RowCount; r++, row++)
                {
                    Assert.Equal(row % 3 == 0, chunk.IsNull(0, r));
                    Assert.Equal(row % 3 == 0 ? null : row % 2 == 0 ? "" : "more than twelve bytes", chunk.Text(1, r));
                    Assert.Equal(row % 3 == 0 ? chunk.Floats(0)[r] : row / 2f, chunk.Floats(0)[r]);
                    Assert.Equal(ulong.MaxValue - (ulong)row, chunk.UnsignedIntegers(2)[r]);
                    Assert.Equal(-row, chunk.Integers(3)[r]);
                }
            }
        }

        Assert.Equal(Rows, row);
    }

    [Fact]
    public void Stream_ResultLargerThanMemory_ComesWholeAndInOrder()
    {
        using var connection = DuckDbConnection.Open(new DuckDbOptions { MemoryLimitMiB = 16 });
        using var result = connection.Stream("SELECT i, i::VARCHAR || ' is a text of more than twelve bytes' FROM range(1000000) t(i)", Token);
        long rows = 0;
        while (result.NextChunk() is { } chunk)
        {
            using (chunk)
            {
                Assert.Equal(rows, chunk.Integers(0)[0]);
                Assert.StartsWith($"{rows} is", chunk.Text(1, 0), StringComparison.Ordinal);
                rows += chunk.RowCount;
            }
        }

        Assert.Equal(1_000_000, rows);
    }

    [Fact]
    public void Stream_FailureMidway_IsAnException()
    {
        using var connection = DuckDbConnection.Open();
        using var result = connection.Stream("SELECT CASE WHEN i = 900000 THEN error('row 900000') ELSE i END FROM range(1000000) t(i)", Token);

        var fault = Assert.Throws<DuckDbException>(() =>
        {
            while (result.NextChunk() is { } chunk)
            {
                chunk.Dispose();
            }
        });
        Assert.Contains("row 900000", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_LongTexts_AreInTheTableBeforeManyAreHeld()
    {
        using var connection = DuckDbConnection.Open();
        connection.Execute("CREATE TABLE t (a VARCHAR, b BIGINT)", Token);
        using var appender = new DuckDbAppender(connection, "t", [DuckDbType.Text, DuckDbType.Int64]);
        var text = new byte[1 << 20];
        Array.Fill(text, (byte)'x');
        for (var row = 0; row < 100; row++)
        {
            appender.Set(0, text);
            appender.Set(1, (long)row);
            appender.EndRow();
            Assert.InRange(row + 1 - Count("count(*)"), 0, 16);
        }

        appender.Complete();
        Assert.Equal(100, Count("count(*)"));
        Assert.Equal(100 << 20, Count("sum(strlen(a))::BIGINT"));
        Assert.Equal(100, Count("count(*) FILTER (b = rowid)"));

        long Count(string what)
        {
            using var result = connection.Query($"SELECT {what} FROM t", Token);
            using var chunk = result.NextChunk();
            return chunk!.Integers(0)[0];
        }
    }

    [Fact]
    public void Query_Wrong_SaysWhatDuckDbSays()
    {
        using var connection = DuckDbConnection.Open();

        Assert.Contains("nowhere", Assert.Throws<DuckDbException>(() => connection.Execute("SELECT * FROM nowhere", Token)).Message, StringComparison.Ordinal);
        Assert.Contains("Conversion", Assert.Throws<DuckDbException>(() => connection.Execute("SELECT 'x'::INTEGER", Token)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => connection.Execute("SELECT ?", Token));
    }

    [Fact]
    public void Query_ColumnOfAnotherType_Throws()
    {
        using var connection = DuckDbConnection.Open();
        using var result = connection.Query("SELECT 1::BIGINT", Token);
        using var chunk = result.NextChunk();

        Assert.Throws<InvalidOperationException>(() => chunk!.Floats(0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => chunk!.IsNull(0, 1));
    }

    [Fact]
    public void Open_Settings_AreInForceAndLocked()
    {
        using var connection = DuckDbConnection.Open(new DuckDbOptions { MemoryLimitMiB = 64, Threads = 1 });
        using var result = connection.Query(
            "SELECT current_setting('threads')::BIGINT, current_setting('memory_limit'), current_setting('autoload_known_extensions')::VARCHAR, current_setting('autoinstall_known_extensions')::VARCHAR, current_setting('streaming_buffer_size')",
            Token);
        using var chunk = result.NextChunk();

        Assert.Equal(1, chunk!.Integers(0)[0]);
        Assert.Equal("64.0 MiB", chunk.Text(1, 0));
        Assert.Equal("false", chunk.Text(2, 0));
        Assert.Equal("false", chunk.Text(3, 0));
        Assert.Equal("1000 bytes", chunk.Text(4, 0));
        Assert.Throws<DuckDbException>(() => connection.Execute("SET threads = 2", Token));
        Assert.Throws<DuckDbException>(() => connection.Execute("SELECT count(DISTINCT i::VARCHAR || 'some text that takes room') FROM range(5000000) t(i)", Token));
    }

    [Fact]
    public async Task Query_CancelledWhileItRuns_Stops()
    {
        using var connection = DuckDbConnection.Open();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        cancellation.CancelAfter(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Task.Run(() => connection.Execute("SELECT sum(a.i * b.i) FROM range(1000000) a(i), range(1000000) b(i)", cancellation.Token), Token));
    }

    [Fact]
    public void Identifier_AndLiteral_QuoteQuotes()
    {
        using var connection = DuckDbConnection.Open();
        using var result = connection.Query($"SELECT {DuckDbConnection.Literal("it's")} AS {DuckDbConnection.Identifier("a \"b\"; --")}", Token);
        using var chunk = result.NextChunk();

        Assert.Equal("a \"b\"; --", result.NameOf(0));
        Assert.Equal("it's", chunk!.Text(0, 0));
    }
}
