using System.Text;
using Serverless.Platform.Datasets;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Unit.Datasets;

public sealed class CsvRecordReaderTests
{
    [Theory]
    [InlineData("a,b\n1,2\n3,4\n")]
    [InlineData("a,b\r\n1,2\r\n3,4\r\n")]
    [InlineData("a,b\n1,2\n3,4")]
    [InlineData("\uFEFFa,b\n1,2\n3,4")]
    [InlineData("a,b\n1,2\n3,4\n\n\r\n\n")]
    [InlineData("\"a\",\"b\"\n\"1\",2\n3,\"4\"")]
    public async Task ReadAsync_PlainFile_GivesItsFields(string text)
    {
        var outcome = await CsvText.ReadAsync(text);

        Assert.Null(outcome.Refusal);
        Assert.Equal(["a", "b"], outcome.Header!.Columns);
        Assert.Equal([["1", "2"], ["3", "4"]], outcome.Rows.Select(r => r.Fields));
    }

    [Theory]
    [InlineData("a,b;c,d\n", ',')]
    [InlineData("a;b;c,d\n", ';')]
    [InlineData("a\tb\n", '\t')]
    [InlineData("a|b\n", '|')]
    [InlineData("a\n", ',')]
    [InlineData("\"x,y,z\";b\n1,2,3,4;5", ';')]
    [InlineData("a,b;c", ',')]
    public void Detect_Header_GivesItsDelimiter(string header, char expected) =>
        Assert.Equal(expected, CsvDialect.Detect(Encoding.UTF8.GetBytes(header)).Delimiter);

    [Theory]
    [InlineData("sep=;\na,b;c\n1;2\n", 1)]
    [InlineData("\uFEFFSEP=;\r\na,b;c\r\n1;2\r\n", 1)]
    [InlineData("sep=;\r\na,b;c\r\n1;2\r\n", int.MaxValue)]
    public async Task ReadAsync_ALineThatSaysTheDelimiter_IsNoHeader(string text, int bytesPerRead)
    {
        var outcome = await CsvText.ReadAsync(text, bytesPerRead: bytesPerRead);

        Assert.Null(outcome.Refusal);
        Assert.Equal(["a,b", "c"], outcome.Header!.Columns);
        var row = Assert.Single(outcome.Rows);
        Assert.Equal(["1", "2"], row.Fields);
        Assert.Equal((3L, (long)Encoding.UTF8.GetByteCount(text[..text.IndexOf('1', StringComparison.Ordinal)])), (row.Position.Line, row.Position.Offset));
    }

    [Theory]
    [InlineData("sep=x\n1\n")]
    [InlineData("sep=;;\n1;2;3\n")]
    public async Task ReadAsync_ALineThatSaysNoDelimiter_IsAHeader(string text) =>
        Assert.StartsWith("sep=", (await CsvText.ReadAsync(text)).Header?.Columns[0] ?? "", StringComparison.Ordinal);

    [Fact]
    public async Task ReadAsync_SemicolonFileWithDecimalCommas_KeepsThem()
    {
        var outcome = await CsvText.ReadAsync("a;b\n1,5;x\n");

        Assert.Equal(["1,5", "x"], Assert.Single(outcome.Rows).Fields);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public async Task ReadAsync_QuotedFields_AreDecodedHoweverTheBytesArrive(int bytesPerRead)
    {
        const string Text = "a,\"b \"\"x\"\"\",c\r\n\"line\r\none\",\"say \"\"hé\"\", ok\",\r\n,\"\",\"\"\"\"\n1,2,3";

        var outcome = await CsvText.ReadAsync(Text, bytesPerRead: bytesPerRead);

        Assert.Null(outcome.Refusal);
        Assert.Equal(["a", "b \"x\"", "c"], outcome.Header!.Columns);
        Assert.Equal([["line\r\none", "say \"hé\", ok", ""], ["", "", "\""], ["1", "2", "3"]], outcome.Rows.Select(r => r.Fields));
        Assert.Equal([2L, 4L, 5L], outcome.Rows.Select(r => r.Position.Line));
    }

    [Fact]
    public async Task ReadAsync_Positions_PointAtTheRawBytes()
    {
        var bytes = Encoding.UTF8.GetBytes("\uFEFFnäme,b\r\n\"ü\n\",1\r\nx,2\n");

        var outcome = await CsvText.ReadAsync(bytes);

        Assert.Equal([new CsvPosition(1, 2, 12), new CsvPosition(2, 4, 21)], outcome.Rows.Select(r => r.Position));
        Assert.Equal([9, 4], outcome.Rows.Select(r => r.LengthWithLineEnd));
        foreach (var row in outcome.Rows)
        {
            Assert.Equal(row.Raw, Encoding.UTF8.GetString(bytes, (int)row.Position.Offset, Encoding.UTF8.GetByteCount(row.Raw)));
        }
    }

    [Fact]
    public async Task ReadAsync_SingleColumn_TakesQuotedNothingAsAValue()
    {
        var outcome = await CsvText.ReadAsync("a\n1\n\"\"\n3\n\n");

        Assert.Null(outcome.Refusal);
        Assert.Equal(["1", "", "3"], outcome.Rows.Select(r => r.Fields[0]));
    }

    [Theory]
    [InlineData("", "empty", 1, null)]
    [InlineData("\uFEFF", "empty", 1, null)]
    [InlineData("\n\r\n\n", "empty", 1, null)]
    [InlineData("a,b\n", "no rows", 2, null)]
    [InlineData("a,b", "no rows", 2, null)]
    [InlineData("a,b\n\n\n", "no rows", 2, null)]
    [InlineData("\na,b\n1,2", "blank line", 1, null)]
    [InlineData("a,b\n1,2\n\n3,4", "blank line", 3, 2L)]
    [InlineData("a\n1\n\n3", "blank line", 3, 2L)]
    [InlineData("a,b\n1,2\n3\n", "has 1 fields; expected 2", 3, 2L)]
    [InlineData("a,b\n1,2,3\n", "has 3 fields; expected 2", 2, 1L)]
    [InlineData("a,b\n1,\"2\"x\n", "follows a closing quote, at byte 9", 2, 1L)]
    [InlineData("a,b\n1,5\" pipe\n", "inside a field that is not quoted, at byte 7", 2, 1L)]
    [InlineData("a,b\n1,\"2\n3,4\n", "ends inside a quoted field", 2, 1L)]
    [InlineData("a,b\r1,2\r", "carriage return without a line feed stands at byte 3", 1, null)]
    [InlineData("a,b\n1,2\r", "carriage return without a line feed", 2, 1L)]
    [InlineData("a,b\n1,\0\n", "zero byte stands at byte 6", 2, 1L)]
    [InlineData("a,b\n1,\"x\n\0\"\n", "zero byte stands at byte 9", 3, 1L)]
    [InlineData("a,a\n1,2", "both called 'a'", 1, null)]
    [InlineData("a,A\n1,2", "differ only in case", 1, null)]
    [InlineData("a,,c\n1,2,3", "Column 2 of the header has no name", 1, null)]
    [InlineData("a,\" \"\n1,2", "Column 2 of the header has no name", 1, null)]
    [InlineData("a,\"b\nc\"\n1,2", "line break or another control character", 1, null)]
    public async Task ReadAsync_MalformedFile_IsRefusedWithItsPlace(string text, string expected, long line, long? row)
    {
        foreach (var bytesPerRead in new[] { 1, int.MaxValue })
        {
            var refusal = (await CsvText.ReadAsync(text, bytesPerRead: bytesPerRead)).Refusal;

            Assert.NotNull(refusal);
            Assert.Contains(expected, refusal.Reason, StringComparison.Ordinal);
            Assert.Equal(line, refusal.Line);
            Assert.Equal(row, refusal.Row);
            Assert.NotEmpty(refusal.Remedy);
        }
    }

    [Fact]
    public async Task ReadAsync_InvalidUtf8_IsRefusedWithByteRowLineAndColumn()
    {
        byte[] bytes = [.. "a,b\n1,2\n\"x\n\",caf"u8, 0xE9, .. "\n"u8];

        var refusal = (await CsvText.ReadAsync(bytes)).Refusal;

        Assert.NotNull(refusal);
        Assert.Contains("0xE9 at byte 16", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal((2L, 4L, "b"), (refusal.Row, refusal.Line, refusal.Column));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'a', 0 }, "UTF-16")]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0 }, "gzip")]
    [InlineData(new byte[] { 0x50, 0x4B, 3, 4 }, "spreadsheet")]
    [InlineData(new byte[] { 0x50, 0x41, 0x52, 0x31 }, "Parquet")]
    public async Task ReadAsync_KnownBinaryFormat_IsNamed(byte[] bytes, string expected) =>
        Assert.Contains(expected, (await CsvText.ReadAsync(bytes)).Refusal!.Reason, StringComparison.Ordinal);

    [Fact]
    public async Task ReadAsync_BinaryNoise_IsAlwaysRefused()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var noise = new byte[4096];
            new Random(seed).NextBytes(noise);

            Assert.Contains("is binary; expected CSV in UTF-8", Assert.IsType<Refusal>((await CsvText.ReadAsync(noise)).Refusal).Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a,b\n1,\"")]
    [InlineData("a,b\n1,")]
    [InlineData("a,b,")]
    public async Task ReadAsync_TwentyMegabyteField_IsRefusedWithoutBufferingIt(string before)
    {
        var bytes = new byte[20_000_000];
        Array.Fill(bytes, (byte)'x');
        Encoding.UTF8.GetBytes(before).CopyTo(bytes, 0);
        using var stream = new DripStream(bytes, int.MaxValue);
        using var reader = new CsvRecordReader(stream);

        Assert.False(await reader.ReadAsync(CancellationToken.None));

        Assert.Contains("longer than 1048576 bytes", reader.Refusal!.Reason, StringComparison.Ordinal);
        Assert.InRange(stream.BytesGiven, 1, 3_000_000);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(19, false)]
    public async Task ReadAsync_RecordAtItsLimit_IsTakenAndOneByteMoreIsNot(int limit, bool isTaken)
    {
        var outcome = await CsvText.ReadAsync($"a,b\n1,{new string('x', 18)}\n", new TableLimits { MaxRecordBytes = limit });

        Assert.Equal(isTaken, outcome.Refusal is null);
    }

    [Theory]
    [InlineData(2000, true)]
    [InlineData(2001, false)]
    public async Task ReadAsync_ColumnsAtTheirLimit_AreTakenAndOneMoreIsNot(int columns, bool isTaken)
    {
        var header = string.Join(',', Enumerable.Range(0, columns).Select(i => $"c{i}"));

        var outcome = await CsvText.ReadAsync($"{header}\n{new string(',', columns - 1)}\n");

        Assert.Equal(isTaken, outcome.Refusal is null);
        Assert.True(isTaken || outcome.Refusal!.Reason.Contains("more than 2000 fields", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadAsync_FromTheMiddle_GivesTheSameRecordsAsTheWhole()
    {
        var bytes = Encoding.UTF8.GetBytes("a;b\r\n1;\"x\r\ny\"\r\n2;\r\n3;\"\"\"\"");
        var whole = await CsvText.ReadAsync(bytes);

        foreach (var first in whole.Rows)
        {
            using var stream = new MemoryStream(bytes, (int)first.Position.Offset, bytes.Length - (int)first.Position.Offset);
            using var streamReader = new CsvRecordReader(stream, whole.Header!, first.Position);
            var chunkReader = new CsvChunkReader(bytes.AsMemory((int)first.Position.Offset), whole.Header!, first.Position);
            foreach (var expected in whole.Rows.Skip((int)first.Position.Row - 1))
            {
                Assert.True(await streamReader.ReadAsync(CancellationToken.None));
                Assert.Equivalent(expected, CsvRow.Of(streamReader.Record), strict: true);
                Assert.True(chunkReader.Read());
                Assert.Equivalent(expected, CsvRow.Of(chunkReader.Record), strict: true);
            }

            Assert.False(await streamReader.ReadAsync(CancellationToken.None));
            Assert.False(chunkReader.Read());
            Assert.Null(streamReader.Refusal);
            Assert.Null(chunkReader.Refusal);
        }
    }

    [Fact]
    public void Read_ChunkWithABadRecord_IsRefusedWithItsPlaceInTheFile()
    {
        var header = new CsvHeader(new CsvDialect(','), ["a", "b"]);
        var reader = new CsvChunkReader("1,2\n3\n"u8.ToArray(), header, new CsvPosition(101, 150, 9000));

        Assert.True(reader.Read());
        Assert.False(reader.Read());
        Assert.Equal((102L, 151L), (reader.Refusal!.Row, reader.Refusal.Line));
        Assert.False(reader.Read());
    }

    [Fact]
    public void Read_EmptyChunk_HasNoRecordsAndIsNoRefusal()
    {
        var reader = new CsvChunkReader(ReadOnlyMemory<byte>.Empty, new CsvHeader(new CsvDialect(','), ["a"]), new CsvPosition(1, 2, 2));

        Assert.False(reader.Read());
        Assert.Null(reader.Refusal);
    }

    [Fact]
    public async Task ReadHeaderAsync_Refused_StaysRefused()
    {
        using var stream = new MemoryStream("a,a\n1,2\n"u8.ToArray());
        using var reader = new CsvRecordReader(stream);

        Assert.False(await reader.ReadHeaderAsync(CancellationToken.None));
        Assert.False(await reader.ReadHeaderAsync(CancellationToken.None));
        Assert.False(await reader.ReadAsync(CancellationToken.None));
        Assert.NotNull(reader.Refusal);
    }
}
