using System.Globalization;
using System.Text;
using Serverless.Platform.Datasets;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>Tables whose texts are long, against the memory that a dataset is made in.</summary>
public sealed class LongTextTests : IDisposable
{
    private const string Definition = DatasetFixture.Definition + "\nfeatures: { Note: text }";

    private readonly DatasetFixture fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task BuildAsync_LongTexts_AreWrittenInSmallerRowGroupsInOrder()
    {
        // In row groups as usual the writer would have all 80 MB of texts in memory, and again encoded.
        var builder = new DatasetBuilder(duckDb: new DuckDbOptions { MemoryLimitMiB = 256 });

        var built = await fixture.BuildAsync(builder, Definition, fixture.Add("a.csv", Csv(rows: 10_000, words: 1000)));

        Assert.Equal(10_000, built.Manifest.Rows);
        Assert.Equal([6144L, 3856L], Integers(built.Data, "SELECT max(row_group_num_rows)::BIGINT FROM parquet_metadata(?) GROUP BY row_group_id ORDER BY row_group_id"));
        Assert.Equal(Enumerable.Range(1, 10_000).Select(i => (long)i), Integers(built.Data, $"SELECT {DatasetColumns.Row} FROM read_parquet(?)"));
    }

    [Fact]
    public async Task BuildAsync_OrdinaryRows_AreWrittenInRowGroupsAsUsual()
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(130_000)));

        Assert.Equal([122_880L, 7120L], Integers(built.Data, "SELECT max(row_group_num_rows)::BIGINT FROM parquet_metadata(?) GROUP BY row_group_id ORDER BY row_group_id"));
    }

    [Fact]
    public async Task BuildAsync_MoreThanFitsIntoMemory_IsRefusedWithWhatToDo()
    {
        var builder = new DatasetBuilder(duckDb: new DuckDbOptions { MemoryLimitMiB = 24 });

        var built = await fixture.BuildAsync(builder, Definition, fixture.Add("a.csv", Csv(rows: 4000, words: 1000)));

        var refusal = Assert.Single(built.Result.Refusals);
        Assert.Contains("more memory than the 24 MiB", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("'ignore'", refusal.Remedy, StringComparison.Ordinal);
        Assert.Null(built.Result.Manifest);
        Assert.True(Assert.Single(built.Result.Sources).IsAccepted);
    }

    /// <summary>A note of eight bytes a word, each of them another.</summary>
    private static string Csv(int rows, int words)
    {
        var random = new Random(1);
        var note = new StringBuilder();
        return DatasetFixture.Csv(rows, change: (_, f) =>
        {
            note.Clear();
            for (var word = 0; word < words; word++)
            {
                note.Append(random.Next(1_000_000, 9_999_999).ToString("x7", CultureInfo.InvariantCulture)).Append(' ');
            }

            return [f[0], f[1], f[2], note.ToString()];
        }).Replace("Home", "Note", StringComparison.Ordinal);
    }

    private static List<long> Integers(string data, string sql)
    {
        using var connection = DuckDbConnection.Open();
        using var result = connection.Query(sql, Token, data);
        var integers = new List<long>();
        while (result.NextChunk() is { } chunk)
        {
            using (chunk)
            {
                integers.AddRange(chunk.Integers(0));
            }
        }

        return integers;
    }
}
