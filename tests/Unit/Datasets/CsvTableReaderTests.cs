using System.Text;
using Serverless.Platform.Datasets;

namespace Serverless.Tests.Unit.Datasets;

public sealed class CsvTableReaderTests
{
    private const string Text = "näme;b\r\n\"ü\n\";1\r\nx😀;2\r\n";

    public static TheoryData<string> Encodings => new("utf-8", "utf-8-bom", "utf-16LE", "utf-16BE");

    private static byte[] Encoded(string encoding, string text) => encoding switch
    {
        "utf-8" => Encoding.UTF8.GetBytes(text),
        "utf-8-bom" => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)],
        "utf-16LE" => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)],
        _ => [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(text)],
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task ReadAsync_AnyEncodingCompressedOrNot_GivesTheSameRows(string encoding)
    {
        var content = Encoded(encoding, Text);
        foreach (var outcome in new[] { await TableFile.ReadAsync("a.csv", content), await TableFile.ReadAsync("a.CSV.gz", TableFile.Gzip(content)) })
        {
            Assert.Null(outcome.Refusal);
            Assert.Equal(["näme", "b"], outcome.Header!.Columns);
            Assert.Equivalent(new[] { new TableRow(1, 2, ["ü\n", "1"]), new TableRow(2, 4, ["x😀", "2"]) }, outcome.Rows, strict: true);
        }
    }

    [Fact]
    public async Task ReadAsync_LargeUtf16File_IsTranscodedAcrossBuffers()
    {
        var lines = Enumerable.Range(0, 50_000).Select(i => $"{i},ü漢😀{i}").ToList();

        var outcome = await TableFile.ReadAsync("a.csv.gz", TableFile.Gzip(Encoded("utf-16LE", "a,b\n" + string.Join('\n', lines))));

        Assert.Null(outcome.Refusal);
        Assert.Equal(lines, outcome.Rows.Select(r => string.Join(',', r.Fields)));
    }

    [Theory]
    [InlineData("a.csv", true)]
    [InlineData("a.TSV", true)]
    [InlineData("a/b.c.csv.GZ", true)]
    [InlineData("a.xlsx", false)]
    [InlineData("a.gz", false)]
    [InlineData("csv", false)]
    public void Of_Name_IsKnownByItsEnd(string name, bool isKnown) => Assert.Equal(isKnown, TableFormat.Of(name) is not null);

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0, 0, 1, 0, 0, 0 }, "UTF-32")]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0 }, "gzip")]
    [InlineData(new byte[] { 0x50, 0x4B, 3, 4 }, "spreadsheet")]
    [InlineData(new byte[] { 0x50, 0x41, 0x52, 0x31 }, "Parquet")]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'a', 0, 0, 0xD8, (byte)'\n', 0 }, "UTF-16")]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'a', 0, (byte)'\n', 0, (byte)'1' }, "UTF-16")]
    public async Task ReadAsync_BytesThatAreNoCsv_AreRefusedWithWhatTheyAre(byte[] content, string expected)
    {
        var refusal = (await TableFile.ReadAsync("a.csv", content)).Refusal;

        Assert.Contains(expected, refusal?.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(refusal!.Remedy);
    }

    [Fact]
    public async Task ReadAsync_GzipWithinGzip_IsRefused() =>
        Assert.Contains("within gzip", (await TableFile.ReadAsync("a.csv.gz", TableFile.Gzip(TableFile.Gzip("a,b\n1,2\n"u8.ToArray())))).Refusal?.Reason, StringComparison.Ordinal);

    [Fact]
    public async Task ReadAsync_PlainTextCalledGz_IsRefused() =>
        Assert.Contains("not gzip", (await TableFile.ReadAsync("a.csv.gz", "a,b\n1,2\n")).Refusal?.Reason, StringComparison.Ordinal);

    [Fact]
    public async Task ReadAsync_GzipCutAnywhere_IsRefused()
    {
        var whole = TableFile.Gzip(Encoding.UTF8.GetBytes("a,b\n" + string.Join('\n', Enumerable.Range(0, 400).Select(i => $"{i},{i * 7919 % 1000}"))));
        for (var length = 1; length < whole.Length; length++)
        {
            var refusal = (await TableFile.ReadAsync("a.csv.gz", whole[..length])).Refusal;

            Assert.True(refusal is not null, $"Cut after {length} of {whole.Length} bytes, the file was taken.");
            Assert.Contains("cut off", refusal.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ReadAsync_GzipOfAnySizeAboutABuffers_IsTakenWhole()
    {
        var noise = new byte[9000];
        new Random(5).NextBytes(noise);
        var digits = Convert.ToBase64String(noise);
        for (var length = 10_700; length < 10_900; length++)
        {
            var outcome = await TableFile.ReadAsync("a.csv.gz", TableFile.Gzip(Encoding.UTF8.GetBytes($"a\n{digits[..length]}\n")));

            Assert.True(outcome.Refusal is null, $"{length}: {outcome.Refusal?.Reason}");
            Assert.Equal(length, Assert.Single(outcome.Rows).Fields[0].Length);
        }
    }

    [Fact]
    public async Task ReadAsync_ExpandedBeyondTheMostInAll_IsRefused() =>
        Assert.NotNull((await TableFile.ReadAsync("a.csv.gz", TableFile.Gzip("a,b\n1,2\n3,4\n"u8.ToArray()), new TableLimits { MaxExpandedBytes = 10 })).Refusal);
}
