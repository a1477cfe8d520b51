using System.Text;
using Serverless.Platform.Datasets;

namespace Serverless.Tests.Unit.Datasets;

public sealed class JsonLinesTableReaderTests
{
    [Fact]
    public async Task ReadAsync_ObjectsOfDifferentKeys_HaveTheUnionOfThemAsColumns()
    {
        const string Text = """
            {"b": 1, "a": "x"}
            {"a": "y", "c": true}

            {"c": false, "b": null, "ä": "\u00e9\"\\\n"}
            """;
        foreach (var outcome in new[]
        {
            await TableFile.ReadAsync("a.jsonl", Text),
            await TableFile.ReadAsync("a.ndjson", "\uFEFF" + Text.ReplaceLineEndings("\r\n")),
            await TableFile.ReadAsync("a.jsonl.gz", TableFile.Gzip(Encoding.UTF8.GetBytes(Text + "\n\n"))),
            await TableFile.ReadAsync("a.jsonl", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Text)]),
        })
        {
            Assert.Null(outcome.Refusal);
            Assert.Equal(["b", "a", "c", "ä"], outcome.Header!.Columns);
            Assert.Equivalent(
                new[] { new TableRow(1, 1, ["1", "x", "", ""]), new TableRow(2, 2, ["", "y", "true", ""]), new TableRow(3, 4, ["", "", "false", "é\"\\\n"]) },
                outcome.Rows, strict: true);
        }
    }

    [Fact]
    public async Task ReadAsync_Numbers_KeepTheirText()
    {
        const string Numbers = "[0,-1,1.50,1e5,1E-7,0.1,123456789012345678901234567890,1e400]";
        var texts = Numbers.Trim('[', ']').Split(',');

        var outcome = await TableFile.ReadAsync("a.jsonl", string.Concat(texts.Select(n => $"{{\"n\":{n}}}\n")));

        Assert.Equal(texts, outcome.Rows.Select(r => r.Fields[0]));
    }

    [Theory]
    [InlineData("", "empty", 1, null)]
    [InlineData("\n \n", "empty", 1, null)]
    [InlineData("{}\n{}\n", "no keys", null, 1L)]
    [InlineData("{\"a\":1}\n[1]\n", "holds an array", 2, 2L)]
    [InlineData("{\"a\":1}\n7\n", "a single value", 2, 2L)]
    [InlineData("{\"a\":1}\n\n{\"a\":1", "ends too early", 3, 2L)]
    [InlineData("{\"a\":1} {\"a\":2}\n", "at byte 9", 1, 1L)]
    [InlineData("{\"a\":01}\n", "not one JSON object", 1, 1L)]
    [InlineData("{'a':1}\n", "not one JSON object", 1, 1L)]
    [InlineData("{\"a\":1,}\n", "not one JSON object", 1, 1L)]
    [InlineData("{\"a\":NaN}\n", "not one JSON object", 1, 1L)]
    [InlineData("{\n\"a\":1}\n", "not one JSON object", 1, 1L)]
    [InlineData("{\"a\":1}\n{\"b\":{\"c\":1}}\n", "'b' is an object", 2, 2L)]
    [InlineData("{\"a\":[1,2]}\n", "'a' is an array", 1, 1L)]
    [InlineData("{\"a\":1,\"b\":2,\"\\u0061\":3}\n", "'a' comes twice", 1, 1L)]
    [InlineData("{\"a\":1}\n{\"A\":1}\n", "differ only in case", null, null)]
    [InlineData("{\"\":1}\n", "has no name", null, null)]
    [InlineData("{\"a\":\"\\u0000\"}\n", "zero character", 1, 1L)]
    [InlineData("{\"a\":\"\\ud800\"}\n", "surrogate", 1, 1L)]
    [InlineData("{\"\\ud800\":1}\n", "surrogate", 1, 1L)]
    public async Task ReadAsync_MalformedFile_IsRefusedWithItsPlace(string text, string expected, int? line, long? row)
    {
        var refusal = (await TableFile.ReadAsync("a.jsonl", text)).Refusal;

        Assert.Contains(expected, refusal?.Reason, StringComparison.Ordinal);
        Assert.Equal(((long?)line, row), (refusal!.Line, refusal.Row));
        Assert.NotEmpty(refusal.Remedy);
    }

    [Fact]
    public async Task ReadAsync_InvalidUtf8_IsRefusedWithItsLine()
    {
        var refusal = (await TableFile.ReadAsync("a.jsonl", [.. "{\"a\":1}\n{\"a\":\"caf"u8, 0xE9, .. "\"}\n"u8])).Refusal;

        Assert.Contains("not UTF-8", refusal?.Reason, StringComparison.Ordinal);
        Assert.Equal(2, refusal!.Line);
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(39, false)]
    public async Task ReadAsync_LineAtItsLimit_IsTakenAndOneByteMoreIsNot(int limit, bool isTaken)
    {
        var line = $"{{\"a\":\"{new string('x', 32)}\"}}";
        foreach (var text in new[] { line, line + "\n", line + "\r\n{\"a\":1}", "{\"a\":1}\n" + line + "\r\n" })
        {
            Assert.Equal(isTaken, (await TableFile.ReadAsync("a.jsonl", Encoding.UTF8.GetBytes(text), new TableLimits { MaxRecordBytes = limit })).Refusal is null);
        }
    }

    [Fact]
    public async Task ReadAsync_OneLongArray_IsRefusedWithoutBufferingIt()
    {
        var content = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("{\"a\":1}", 3_000_000))}]");

        Assert.Contains("longer than 1048576", (await TableFile.ReadAsync("a.jsonl", content)).Refusal?.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2000, true)]
    [InlineData(2001, false)]
    public async Task ReadAsync_ColumnsAtTheirLimit_AreTakenAndOneMoreIsNot(int columns, bool isTaken)
    {
        var outcome = await TableFile.ReadAsync("a.jsonl", string.Concat(Enumerable.Range(0, columns).Select(i => $"{{\"c{i}\":{i}}}\n")));

        Assert.Equal(isTaken, outcome.Refusal is null);
        Assert.True(isTaken || outcome.Refusal!.Reason.Contains("more than 2000 different keys", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadAsync_CutGzip_IsRefusedAsCutAndNotAsMalformed()
    {
        var whole = TableFile.Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 400).Select(i => $"{{\"a\":{i * 7919 % 1000}}}\n"))));

        Assert.Contains("cut off", (await TableFile.ReadAsync("a.jsonl.gz", whole[..(whole.Length / 2)])).Refusal?.Reason, StringComparison.Ordinal);
    }
}
