using System.Text;
using Serverless.Platform.Datasets;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>Parquet files that are refused, each beside a good one.</summary>
public sealed class BadParquetFileTests : IDisposable
{
    private const string Good = "SELECT CASE WHEN i % 3 = 0 THEN 'bad' ELSE 'good' END AS Status, 18 + i % 50 AS Age, i * 7 AS Income, 'own' || i % 3 AS Home";

    private readonly DatasetFixture fixture = new();
    private readonly string path = Path.GetTempFileName();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> BadFiles => new()
    {
        { "empty.parquet", "empty" },
        { "no-rows.parquet", "no rows" },
        { "text.parquet", "does not begin as Parquet does" },
        { "magic.parquet", "end is missing" },
        { "cut.parquet", "end is missing" },
        { "cut-before-the-end.parquet", "end is missing" },
        { "damaged-footer.parquet", "damaged" },
        { "damaged-page.parquet", "damaged" },
        { "list.parquet", "'Tags' has the type VARCHAR[]" },
        { "struct.parquet", "'Address' has the type STRUCT" },
        { "map.parquet", "'Codes' has the type MAP" },
        { "twice.parquet", "both called 'Code1'" },
        { "binary.parquet", "damaged" },
        { "zero.parquet", "zero character" },
        { "no-target.parquet", "no column 'Status'" },
        { "missing.parquet", "lacks the column 'Income'" },
        { "wide.parquet", "has 2001 columns" },
        { "long.parquet", "longer than 1048576" },
        { "dictionary.parquet", "texts expand to more than 67108864" },
        { "parquet.csv", "is Parquet" },
        { "cut.parquet.gz", "cut off" },
        { "bomb.parquet.gz", "expands to more than" },
    };

    public void Dispose()
    {
        fixture.Dispose();
        File.Delete(path);
    }

    [Theory]
    [MemberData(nameof(BadFiles))]
    public async Task BuildAsync_BadFile_IsRefusedAndDoesNotStopTheGoodOne(string name, string expected)
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add(name, BadContent(name)), fixture.Add("good.csv", DatasetFixture.Csv(300)));

        var bad = built.Result.Sources[0];
        var refusal = Assert.Single(bad.Refusals);
        Assert.Contains(expected, refusal.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Remedy);
        Assert.DoesNotContain(Path.GetTempPath(), refusal.Reason, StringComparison.Ordinal);
        Assert.Null(refusal.Line);
        Assert.Equal(300, built.Manifest.Rows);
        Assert.Equal(["credit-risk/good.csv"], built.Manifest.Sources.Select(s => s.Name));
    }

    [Fact]
    public async Task BuildAsync_ParquetCutAnywhere_IsRefused()
    {
        var whole = Write($"{Good} FROM range(100) r(i)");
        for (var length = 0; length < whole.Length; length += 97)
        {
            var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.parquet", whole[..length]));

            Assert.False(built.Result.Sources[0].IsAccepted, $"Cut after {length} of {whole.Length} bytes, the file was taken.");
        }
    }

    private byte[] BadContent(string name) => name switch
    {
        "empty.parquet" => [],
        "no-rows.parquet" => Write($"{Good} FROM range(0) r(i)"),
        "text.parquet" => "Status,Age\n"u8.ToArray(),
        "magic.parquet" => "PAR1"u8.ToArray(),
        "cut.parquet" => Large()[..10_000],
        "cut-before-the-end.parquet" => Large()[..^1],
        "damaged-footer.parquet" => Damage(Large(), from: ^400, to: ^20),
        "damaged-page.parquet" => Damage(Large(), from: 20, to: 4000),
        "list.parquet" => Write($"{Good}, ['a', 'b'] AS Tags FROM range(100) r(i)"),
        "struct.parquet" => Write($"{Good}, {{'city': 'x'}} AS Address FROM range(100) r(i)"),
        "map.parquet" => Write($"{Good}, MAP {{'a': 1}} AS Codes FROM range(100) r(i)"),
        "twice.parquet" => Replace(Write($"{Good}, i AS Code1, i AS Code2 FROM range(100) r(i)"), "Code2", "Code1"),
        "binary.parquet" => Write($"{Good}, '\\xFF\\xFE'::BLOB AS Photo FROM range(100) r(i)"),
        "zero.parquet" => Write($"{Good}, 'a' || chr(0) AS Note FROM range(100) r(i)"),
        "no-target.parquet" => Write($"SELECT i AS Age, i AS Income, 'x' AS Home FROM range(100) r(i)"),
        "missing.parquet" => Write($"SELECT 'bad' AS Status, i AS Age, 'x' AS Home FROM range(20) r(i)"),
        "wide.parquet" => Write($"SELECT {string.Join(", ", Enumerable.Range(0, 2001).Select(i => $"i AS c{i}"))} FROM range(3) r(i)"),
        "long.parquet" => Write($"{Good}, repeat('x', 2000000) AS Note FROM range(3) r(i)"),
        "dictionary.parquet" => Dictionary(),
        "parquet.csv" => Write($"{Good} FROM range(100) r(i)"),
        "cut.parquet.gz" => DatasetFixture.Gzip(Large())[..5000],
        "bomb.parquet.gz" => DatasetFixture.Gzip(new byte[80 << 20]),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such bad file."),
    };

    public static TheoryData<string, string> Bounds => new() { { "rows", "200 rows" }, { "group", "row group" }, { "texts", "expand to more than 1000" }, { "bytes", "more than 2000 bytes" }, { "chunk", "rows 1 to" } };

    [Theory]
    [MemberData(nameof(Bounds))]
    public async Task ReadAsync_FileBeyondABound_IsRefused(string bound, string reason)
    {
        Write($"{Good} FROM range(200) r(i)");
        var limits = bound switch
        {
            "rows" => new TableLimits { MaxParquetRows = 199 },
            "group" => new TableLimits { MaxRowGroupBytes = 100 },
            "chunk" => new TableLimits { MaxChunkBytes = 900 },
            "texts" => new TableLimits { MaxExpandedBytes = 1000 },
            _ => new TableLimits { MaxExpandedBytes = 2000 },
        };

        await using var reader = new TableFormat(TableKind.Parquet, IsCompressed: false).Open(path, limits);
        while (await reader.ReadAsync(Token))
        {
            Assert.InRange(reader.Row, 1, 200);
        }

        Assert.Contains(reason, reader.Refusal?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_LongTextsThatRepeat_AreRead()
    {
        var content = Write($"{Good}, hash(i) % 1000 / 7.0 AS Rate, repeat('a text of some length ', 20) || i % 40 AS Note FROM range(100000) r(i)");
        Assert.InRange(content.Length, 1, 1_000_000);

        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.parquet", content));

        Assert.Equal(100_000, built.Manifest.Rows);
        Assert.Contains(built.Manifest.Features, f => f.Name == "Note");
    }

    /// <summary>9.6 GB of texts in some kilobytes, of which the file's own account says nothing.</summary>
    private byte[] Dictionary()
    {
        var content = Write("SELECT CASE WHEN i % 3 = 0 THEN 'bad' ELSE 'good' END AS Status, 18 + i % 50 AS Age, repeat('abcdefgh', 10000) AS Home FROM range(120000) r(i)");
        Assert.InRange(content.Length, 1, 50_000);
        return content;
    }

    private byte[] Large() => Write($"{Good}, hash(i) AS Code FROM range(20000) r(i)");

    private byte[] Write(string select)
    {
        using var connection = DuckDbConnection.Open();
        connection.Execute($"COPY ({select}) TO {DuckDbConnection.Literal(path)} (FORMAT parquet)", Token);
        return File.ReadAllBytes(path);
    }

    private static byte[] Damage(byte[] content, Index from, Index to)
    {
        content.AsSpan(from..to).Fill(0xA5);
        return content;
    }

    private static byte[] Replace(byte[] content, string found, string by)
    {
        var text = Encoding.Latin1.GetString(content);
        Assert.Contains(found, text, StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(text.Replace(found, by, StringComparison.Ordinal));
    }
}
