using System.Text;

namespace Serverless.Tests.Unit.Datasets;

/// <summary>What gzip files end with, and what is said of those that are at fault.</summary>
public sealed class GzipFileTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("a,b\n" + string.Join('\n', Enumerable.Range(0, 400).Select(i => $"{i},{i * 7919 % 1000}")));

    [Fact]
    public async Task ReadAsync_ManyMembers_AreReadToTheEnd()
    {
        var outcome = await TableFile.ReadAsync("a.csv.gz", [.. TableFile.Gzip("a,b\n1,2\n"u8.ToArray()), .. TableFile.Gzip([]), .. TableFile.Gzip("3,4\n"u8.ToArray())]);

        Assert.Null(outcome.Refusal);
        Assert.Equal([["1", "2"], ["3", "4"]], outcome.Rows.Select(r => r.Fields));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(511)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public async Task ReadAsync_ZerosAfterTheEnd_AreIgnored(int zeros)
    {
        foreach (var file in (byte[][])[TableFile.Gzip(Content), [.. TableFile.Gzip("a,b\n"u8.ToArray()), .. TableFile.Gzip(Content[4..])], [.. TableFile.Gzip(Content), .. TableFile.Gzip([])]])
        {
            var outcome = await TableFile.ReadAsync("a.csv.gz", [.. file, .. new byte[zeros]]);

            Assert.True(outcome.Refusal is null, outcome.Refusal?.Reason);
            Assert.Equal(400, outcome.Rows.Count);
        }
    }

    [Fact]
    public async Task ReadAsync_ZerosAfterFilesOfAnySize_AreIgnored()
    {
        // The library reads 8 KiB at once: the end comes at each place about that.
        var noise = new byte[9000];
        new Random(5).NextBytes(noise);
        var digits = Convert.ToBase64String(noise);
        for (var length = 10_700; length < 10_900; length++)
        {
            var outcome = await TableFile.ReadAsync("a.csv.gz", [.. TableFile.Gzip(Encoding.UTF8.GetBytes($"a\n{digits[..length]}\n")), .. new byte[1 + (length % 40)]]);

            Assert.True(outcome.Refusal is null, $"{length}: {outcome.Refusal?.Reason}");
            Assert.Equal(length, Assert.Single(outcome.Rows).Fields[0].Length);
        }
    }

    [Theory]
    [InlineData("x", 0)]
    [InlineData("a longer text after the end", 0)]
    [InlineData("x", 1000)]
    [InlineData("a longer text after zeros", -1000)]
    [InlineData("a longer text after some zeros", -5)]
    public async Task ReadAsync_OtherBytesAfterTheEnd_AreCalledThat(string more, int zeros)
    {
        var refusal = (await TableFile.ReadAsync(
            "a.csv.gz", [.. TableFile.Gzip(Content), .. new byte[Math.Max(0, -zeros)], .. Encoding.UTF8.GetBytes(more), .. new byte[Math.Max(0, zeros)]])).Refusal;

        Assert.Equal($"The gzip file expands to {Content.Length} bytes and is whole, but other bytes come after it, which are neither gzip nor zeros.", refusal?.Reason);
        Assert.Contains("trailing garbage", refusal?.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(511)]
    [InlineData(100_000)]
    public async Task ReadAsync_GzipAgainAfterZeros_IsCalledThatWithItsPlace(int zeros)
    {
        foreach (var (first, second) in ((byte[], byte[])[])[(TableFile.Gzip(Content), TableFile.Gzip(Content)), ([.. TableFile.Gzip(Content), .. TableFile.Gzip([])], TableFile.Gzip("1,2\n"u8.ToArray()))])
        {
            var refusal = (await TableFile.ReadAsync("a.csv.gz", [.. first, .. new byte[zeros], .. second, .. new byte[7]])).Refusal;

            Assert.Equal(
                $"The gzip file expands to {Content.Length} bytes up to zeros, and after them, at byte {first.Length + zeros} counted from 0, another gzip member begins; zeros may stand at the end only.",
                refusal?.Reason);
            Assert.Contains("Leave out the zeros", refusal?.Remedy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ReadAsync_GzipAgainAfterOneZeroAtAnyPlace_IsFoundThere()
    {
        // The library reads 8 KiB at once: the zero comes at each place about that.
        var noise = new byte[9000];
        new Random(5).NextBytes(noise);
        var digits = Convert.ToBase64String(noise);
        for (var length = 10_700; length < 10_900; length++)
        {
            var first = TableFile.Gzip(Encoding.UTF8.GetBytes($"a\n{digits[..length]}\n"));

            var reason = (await TableFile.ReadAsync("a.csv.gz", [.. first, 0, .. TableFile.Gzip("b\n"u8.ToArray())])).Refusal?.Reason;

            Assert.Contains($"at byte {first.Length + 1} counted", reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(5, 0)]
    [InlineData(4, 0)]
    [InlineData(3, 0)]
    [InlineData(6, 512)]
    public async Task ReadAsync_WrongChecksumOrLength_IsCalledThatWithWhatTheFileExpandsTo(int fromEnd, int zeros)
    {
        var whole = TableFile.Gzip(Content);
        whole[^fromEnd] ^= 1;

        var refusal = (await TableFile.ReadAsync("a.csv.gz", [.. whole, .. new byte[zeros]])).Refusal;

        Assert.Equal($"The gzip file is damaged: it expands to {Content.Length} bytes, and the checksum and length at its end do not match them.", refusal?.Reason);
    }

    [Fact]
    public async Task ReadAsync_DamagedWithin_SaysHowFarItCameAtLeast()
    {
        var noise = new byte[600_000];
        new Random(7).NextBytes(noise);
        var first = Encoding.UTF8.GetBytes("a\n" + Convert.ToHexString(noise).Replace("00", "00\n", StringComparison.Ordinal));
        var member = TableFile.Gzip(first);
        member[^6] ^= 1;

        var reason = (await TableFile.ReadAsync("a.csv.gz", [.. member, .. TableFile.Gzip(first[2..])])).Refusal?.Reason;

        Assert.StartsWith("The gzip file is damaged: after ", reason, StringComparison.Ordinal);
        Assert.InRange(int.Parse(reason!.Split(' ')[6], System.Globalization.CultureInfo.InvariantCulture), first.Length - 70_000, first.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task ReadAsync_CutOffAndThenFilledWithZeros_IsNoWholeFile(int fromEnd)
    {
        var whole = TableFile.Gzip(Content);

        Assert.NotNull((await TableFile.ReadAsync("a.csv.gz", [.. whole[..^(fromEnd + 9)], .. new byte[1000]])).Refusal);
    }

    [Fact]
    public async Task ReadAsync_NoGzip_IsCalledThat()
    {
        var refusal = (await TableFile.ReadAsync("a.csv.gz", "a,b\n1,2\n")).Refusal;

        Assert.Contains("not gzip by its first bytes", refusal?.Reason, StringComparison.Ordinal);
        Assert.Contains("without .gz", refusal?.Remedy, StringComparison.Ordinal);
        Assert.NotNull((await TableFile.ReadAsync("a.csv.gz", new byte[100])).Refusal);
    }
}
