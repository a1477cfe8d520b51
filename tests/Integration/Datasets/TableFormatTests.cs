using System.Globalization;
using System.Text;
using Serverless.Platform.Datasets;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>One table in every format that is read.</summary>
public sealed class TableFormatTests : IDisposable
{
    private const string Columns =
        "Status VARCHAR, Age INTEGER, Income DOUBLE, Rate FLOAT, Price DECIMAL(10,2), Big HUGEINT, Member BOOLEAN, Since DATE, \"At\" TIMESTAMP, Home VARCHAR, \"Näme, \"\"q\"\"\" VARCHAR, Nothing VARCHAR";

    private readonly DatasetFixture fixture = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("formats-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        fixture.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task BuildAsync_OneTableInEachFormat_GivesTheSameRowsAndHashes()
    {
        FillTable(out var connection);
        using (connection)
        {
            var csv = await BuildAsync("a.csv", Copy(connection, "t.csv", "FORMAT csv, HEADER true"));
            Assert.Equal(400, csv.Manifest.Rows);
            Assert.Equal(["Age", "Income", "Rate", "Price", "Big"], csv.Manifest.Features.Where(f => f.Kind == ColumnKind.Number).Select(f => f.Name));
            Assert.Contains(csv.Manifest.Excluded, e => e is { Name: "Nothing", Reason: "every value is missing" });
            foreach (var (name, content) in new (string, byte[])[]
            {
                ("a.csv.gz", Copy(connection, "t.csv.gz", "FORMAT csv, HEADER true, COMPRESSION gzip")),
                ("a.tsv", Copy(connection, "t.tsv", "FORMAT csv, HEADER true, DELIMITER '\t'")),
                ("a.csv", Utf16(Copy(connection, "t16.csv", "FORMAT csv, HEADER true, DELIMITER ';'"))),
                ("a.jsonl", JsonLines(connection)),
                ("a.ndjson.gz", DatasetFixture.Gzip(JsonLines(connection))),
                ("a.parquet", Copy(connection, "t.parquet", "FORMAT parquet, ROW_GROUP_SIZE 100")),
                ("a.parquet", Copy(connection, "z.parquet", "FORMAT parquet, COMPRESSION zstd")),
                ("a.parquet.gz", DatasetFixture.Gzip(Copy(connection, "g.parquet", "FORMAT parquet"))),
            })
            {
                var other = await BuildAsync(name, content);

                Assert.Equal(csv.Manifest.Features, other.Manifest.Features);
                Assert.Equal(csv.Manifest.Excluded, other.Manifest.Excluded);
                Assert.Equal(Dump(csv), Dump(other));
                Assert.Equal(csv.Profile.Columns, other.Profile.Columns, (a, b) => Json(a) == Json(b));
            }
        }
    }

    [Fact]
    public async Task BuildAsync_SeveralFormatsInOneFolder_AreOneDataset()
    {
        FillTable(out var connection);
        using (connection)
        {
            var whole = await BuildAsync("a.csv", Copy(connection, "t.csv", "FORMAT csv, HEADER true"));
            var parts = await fixture.BuildAsync(
                DatasetFixture.Definition,
                fixture.Add("1.csv", Copy(connection, "1.csv", "FORMAT csv, HEADER true", "id < 100")),
                fixture.Add("2.jsonl.gz", DatasetFixture.Gzip(JsonLines(connection, "id >= 100 AND id < 200"))),
                fixture.Add("3.parquet", Copy(connection, "3.parquet", "FORMAT parquet", "id >= 200 AND id < 300")),
                fixture.Add("4.csv.gz", Copy(connection, "4.csv.gz", "FORMAT csv, HEADER true, COMPRESSION gzip", "id >= 300")));

            Assert.All(parts.Result.Sources, s => Assert.True(s.IsAccepted));
            Assert.Equal([100L, 100L, 100L, 100L], parts.Manifest.Sources.Select(s => s.Rows));
            Assert.Equal(Hashes(whole), Hashes(parts));
        }
    }

    private static void FillTable(out DuckDbConnection connection)
    {
        connection = DuckDbConnection.Open();
        connection.Execute($"CREATE TABLE t (id INTEGER, {Columns})", Token);
        connection.Execute(
            """
            INSERT INTO t SELECT i, CASE WHEN i % 3 = 0 THEN 'bad' ELSE 'good' END, CASE WHEN i % 7 = 0 THEN NULL ELSE 18 + i % 50 END, sqrt(i) * 1e3, (i % 11) / 10::FLOAT,
                (i * 1.25)::DECIMAL(10,2), (i % 13)::HUGEINT * 100000000000000000000, i % 2 = 0, DATE '2024-01-01' + (i % 9)::INTEGER,
                TIMESTAMP '2024-01-01 10:00:00' + INTERVAL (i % 5) MINUTE + INTERVAL (i % 2) MILLISECOND,
                ['own', 'rent', '', NULL, 'é, "x"' || chr(10) || 'y'][1 + i % 5], 'n' || (i % 4), NULL FROM range(400) r(i)
            """,
            Token);
    }

    private byte[] Copy(DuckDbConnection connection, string file, string options, string where = "true")
    {
        var path = Path.Combine(folder.FullName, file);
        connection.Execute($"COPY (SELECT * EXCLUDE id FROM t WHERE {where} ORDER BY id) TO {DuckDbConnection.Literal(path)} ({options})", Token);
        return File.ReadAllBytes(path);
    }

    /// <summary>Numbers and booleans as JSON has them, all else as text, missing keys where there is nothing.</summary>
    private static byte[] JsonLines(DuckDbConnection connection, string where = "true")
    {
        var text = new StringBuilder();
        var names = Names(connection, "SELECT * EXCLUDE id FROM t");
        using var result = connection.Query($"SELECT COLUMNS(* EXCLUDE id)::VARCHAR FROM t WHERE {where} ORDER BY id", Token);
        while (result.NextChunk() is { } chunk)
        {
            using (chunk)
            {
                for (var row = 0; row < chunk.RowCount; row++)
                {
                    var pairs = names
                        .Select((name, c) => (Name: name, Value: chunk.Text(c, row)))
                        .Where(p => p.Value is not null || (row == 0 && p.Name != "Nothing") || p.Name == "Nothing")
                        .Select(p => $"{Json(p.Name)}: {(p.Value is null ? "null" : p.Name is "Age" or "Income" or "Rate" or "Price" or "Big" or "Member" ? p.Value : Json(p.Value))}");
                    text.Append(CultureInfo.InvariantCulture, $"{{{string.Join(", ", pairs)}}}\n");
                }
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static List<string> Names(DuckDbConnection connection, string sql)
    {
        using var result = connection.Query(sql, Token);
        return [.. Enumerable.Range(0, result.Types.Count).Select(result.NameOf)];
    }

    private static byte[] Utf16(byte[] utf8) => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(utf8))];

    private Task<BuiltDataset> BuildAsync(string name, byte[] content) => fixture.BuildAsync(DatasetFixture.Definition, fixture.Add(name, content));

    /// <summary>Every row with its hash, number and part; all but the content hash of its file.</summary>
    private static List<string> Dump(BuiltDataset built)
    {
        var rows = new List<string>();
        using var connection = DuckDbConnection.Open();
        using var result = connection.Query($"SELECT (COLUMNS(* EXCLUDE {DatasetColumns.Source}))::VARCHAR FROM read_parquet(?)", Token, built.Data);
        while (result.NextChunk() is { } chunk)
        {
            using (chunk)
            {
                for (var row = 0; row < chunk.RowCount; row++)
                {
                    rows.Add(string.Join('|', Enumerable.Range(0, result.Types.Count).Select(c => chunk.Text(c, row) ?? "<null>")));
                }
            }
        }

        return rows;
    }

    private static IEnumerable<ulong> Hashes(BuiltDataset built) => built.Read(DataSplit.Train).RowHashes.Concat(built.Read(DataSplit.HeldOut).RowHashes).Order();

    private static string Json<T>(T value) => System.Text.Json.JsonSerializer.Serialize(value);
}
