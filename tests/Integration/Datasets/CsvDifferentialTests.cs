using System.Text;
using Serverless.Platform.Datasets;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>The tokenizer against DuckDB's own CSV reader, on random well-formed files.</summary>
public sealed class CsvDifferentialTests
{
    private static readonly string[] Pieces = ["a", "b", "7", " ", "é", "漢", "😀", ",", ";", "\t", "|", "\"", "\n", "\r\n", "'", "\\", "#", "-", "NULL"];

    [Fact]
    public async Task Read_RandomWellFormedFiles_AgreesWithDuckDb()
    {
        var folder = Directory.CreateTempSubdirectory("csv-");
        try
        {
            using var connection = DuckDbConnection.Open();
            for (var seed = 0; seed < 150; seed++)
            {
                var random = new Random(seed);
                var (text, expected) = RandomFile(random);
                var bytes = Encoding.UTF8.GetBytes(text);
                var path = Path.Combine(folder.FullName, $"{seed}.csv");
                await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);

                var (ours, dialect) = await ReadAsync(bytes);

                Assert.Equal(expected, ours);
                Assert.Equal(ours, ReadWithDuckDb(connection, path, dialect));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (string Text, List<string[]> Rows) RandomFile(Random random)
    {
        var delimiter = ",;\t|"[random.Next(4)];
        var lineEnd = random.Next(2) == 0 ? "\n" : "\r\n";
        var columns = random.Next(2, 7);
        var text = new StringBuilder().AppendJoin(delimiter, Enumerable.Range(0, columns).Select(i => $"c{i}")).Append(lineEnd);
        var rows = new List<string[]>();
        for (var count = random.Next(1, 60); count > 0; count--)
        {
            var row = Enumerable.Range(0, columns).Select(_ => RandomValue(random)).ToArray();
            rows.Add(row);
            text.AppendJoin(delimiter, row.Select(v => Write(v, delimiter, random))).Append(count == 1 && random.Next(2) == 0 ? "" : lineEnd);
        }

        return (text.ToString(), rows);
    }

    private static string RandomValue(Random random) => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static string Write(string value, char delimiter, Random random) =>
        value.AsSpan().IndexOfAny(['"', '\r', '\n', delimiter]) >= 0 || random.Next(4) == 0
            ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : value;

    private static async Task<(List<string[]> Rows, CsvDialect Dialect)> ReadAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        using var reader = new CsvRecordReader(stream);
        var rows = new List<string[]>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            var record = reader.Record;
            var fields = new string[record.FieldCount];
            for (var i = 0; i < fields.Length; i++)
            {
                fields[i] = record.GetText(i);
            }

            rows.Add(fields);
        }

        Assert.Null(reader.Refusal);
        return (rows, reader.Header!.Dialect);
    }

    private static List<string[]> ReadWithDuckDb(DuckDbConnection connection, string path, CsvDialect dialect)
    {
        var rows = new List<string[]>();
        using var result = connection.Query(
            $"SELECT * FROM read_csv({DuckDbConnection.Literal(path)}, auto_detect = false, header = true, all_varchar = true, delim = {DuckDbConnection.Literal(dialect.Delimiter.ToString())}, "
                + $"quote = '\"', escape = '\"', nullstr = '<<none>>', columns = {Columns(path, dialect)})",
            TestContext.Current.CancellationToken);
        while (result.NextChunk() is { } chunk)
        {
            using (chunk)
            {
                for (var row = 0; row < chunk.RowCount; row++)
                {
                    rows.Add([.. Enumerable.Range(0, result.Types.Count).Select(c => chunk.Text(c, row) ?? "")]);
                }
            }
        }

        return rows;
    }

    private static string Columns(string path, CsvDialect dialect)
    {
        var names = File.ReadLines(path).First().Split(dialect.Delimiter);
        return $"{{{string.Join(", ", names.Select(n => $"'{n}': 'VARCHAR'"))}}}";
    }
}
