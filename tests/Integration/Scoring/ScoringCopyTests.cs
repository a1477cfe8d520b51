using System.Text;
using Serverless.Platform.Datasets;
using Serverless.Platform.Scoring;

namespace Serverless.Tests.Integration.Scoring;

public sealed class ScoringCopyTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("copies-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("t.parquet", "SELECT i AS \"a;b,c\", CASE WHEN i % 3 > 0 THEN i / 7 END AS x, ['', 'é, \"x\"' || chr(10) || 'y', ' s ', NULL][1 + i % 4] AS \"q\"\"r\" FROM range(500) r(i)")]
    [InlineData("one.parquet", "SELECT ['', 'a', NULL][1 + i % 3] AS only FROM range(9) r(i)")]
    public async Task WriteAsync_AParquetFile_GivesItsRowsAsCsv(string name, string sql)
    {
        var path = Path.Combine(folder.FullName, name);
        using (var connection = DuckDbConnection.Open())
        {
            connection.Execute($"COPY ({sql}) TO {DuckDbConnection.Literal(path)} (FORMAT parquet)", Token);
        }

        await AssertSameAsync(path);
    }

    [Theory]
    [InlineData("a.jsonl", "{\"a\": 1, \"b|c\": \"x,y\"}\n{\"b|c\": \"\\\"\\n\", \"d\": null}\n{}\n{\"d\": true, \"a\": -0.5e3}\n")]
    [InlineData("a.tsv", "a\tb\n1\t\"x\ty\"\n\t\n")]
    public async Task WriteAsync_ATextFileCompressedOrNot_GivesItsRowsAsCsv(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        await File.WriteAllTextAsync(path, text, Token);
        await AssertSameAsync(path);

        var compressed = path + ".gz";
        await using (var gzip = new System.IO.Compression.GZipStream(File.Create(compressed), System.IO.Compression.CompressionLevel.Optimal))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(text), Token);
        }

        await AssertSameAsync(compressed);
    }

    [Fact]
    public async Task WriteAsync_ADamagedFile_IsRefused()
    {
        var path = Path.Combine(folder.FullName, "cut.jsonl");
        await File.WriteAllTextAsync(path, "{\"a\": 1}\n{\"a\": ", Token);

        Assert.Equal(2, (await ScoringCopy.WriteAsync(path, FormatOf(path), path + ".copy.csv", Token))?.Line);
    }

    private static async Task AssertSameAsync(string path)
    {
        var copy = path + ".copy.csv";
        Assert.Null(await ScoringCopy.WriteAsync(path, FormatOf(path), copy, Token));

        var (expected, actual) = (await RowsAsync(path), await RowsAsync(copy));
        Assert.NotEmpty(expected);
        Assert.Equal(expected, actual);
    }

    private static TableFormat FormatOf(string path) => TableFormat.Of(path) ?? throw new ArgumentException($"{path} is no table.", nameof(path));

    private static async Task<List<string>> RowsAsync(string path)
    {
        await using var reader = FormatOf(path).Open(path, TableLimits.Default);
        Assert.True(await reader.ReadHeaderAsync(Token), reader.Refusal?.Reason);
        var columns = reader.Header?.Columns ?? [];
        List<string> rows = [string.Join('\u001f', columns)];
        while (await reader.ReadAsync(Token))
        {
            rows.Add(string.Join('\u001f', columns.Index().Select(c => Encoding.UTF8.GetString(reader.GetField(c.Index)))));
        }

        Assert.Null(reader.Refusal);
        return rows;
    }
}
