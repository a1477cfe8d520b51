using System.Globalization;
using System.Text;
using Serverless.Platform.Datasets;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>Which refused files may be copied into quarantine: those that can be looked into whole, and hold no direct identifier.</summary>
public sealed class CopyTests : IDisposable
{
    private const string CannotBeLookedInto = "cannot be looked into";

    private readonly DatasetFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("\nfeatures: { Missing: numeric }")]
    [InlineData("\ndata: { identifiers: mask }")]
    [InlineData("", "Outcome")]
    public async Task BuildAsync_CardNumbersInAnIgnoredColumnOfARefusedFile_AreNotCopied(string more, string target = "Status")
    {
        // A constant target, and one that is not there.
        var csv = new StringBuilder($"{target},Age,Card,Income\n");
        for (var i = 0; i < 600; i++) csv.Append(CultureInfo.InvariantCulture, $"good,{i % 60},{Card(i)},{i}\n");

        var built = await fixture.BuildAsync($"{DatasetFixture.Definition}\nignore: [Card]{more}", fixture.Add("a.csv", csv.ToString()));

        Assert.Null(built.Result.Manifest);
        Assert.Contains("card numbers", Assert.Single(built.Result.Sources).NotCopied, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_IdentifiersInAnIgnoredColumnOfAnAcceptedFile_AreNoReasonToReport()
    {
        var csv = DatasetFixture.Csv(200, change: (i, f) => [.. f, Card(i)]).Replace("Home\n", "Home,Card\n", StringComparison.Ordinal);

        var built = await fixture.BuildAsync(DatasetFixture.Definition + "\nignore: [Card]", fixture.Add("a.csv", csv));

        Assert.Equal(200, built.Manifest.Rows);
        Assert.Null(built.Manifest.Masked);
        Assert.Null(built.Result.Sources[0].NotCopied);
    }

    [Fact]
    public async Task BuildAsync_FewCardNumbersInAnIgnoredColumnAmongManyOtherNumbers_AreNotCopied()
    {
        var random = new Random(5);
        var csv = new StringBuilder("Status,Age,Reference,Card\n");
        for (var i = 0; i < 5000; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"good,{i % 60},{random.NextInt64(4_000_000_000_000_000, 4_999_999_999_999_999)},{(i < 20 ? Card(i) : "")}\n");
        }

        var built = await fixture.BuildAsync(DatasetFixture.Definition + "\nignore: [Card]", fixture.Add("a.csv", csv.ToString()));

        Assert.Contains("a column of the file holds direct identifiers", built.Result.Sources[0].NotCopied, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv", "Age,Card,Income\n30,{0},50\n")]
    [InlineData("a.txt", "30,{0},50\n")]
    [InlineData("a.txt", "{0}.0;5\n")]
    [InlineData("a.json", "[{{\"Card\":{0}.0}}]")]
    [InlineData("a.txt", "Age\t30\nCard\t{0}\n")]
    [InlineData("a.xml", "<card>{0}</card>")]
    [InlineData("a.csv", "Age,Card,Income\n30,\"4111\t1111\t1111\t1111\",50\n")]
    [InlineData("a.tsv", "Age\tCard\n30\t\"a \"\"4111\r\n1111\r\n1111\r\n1111\"\"\"\n")]
    [InlineData("a.json", "[{{\"Card\":\"4111\\t1111\\t1111\\t1111\"}}]")]
    public async Task BuildAsync_RefusedFileWithACardNumber_IsNotCopied(string name, string text)
    {
        var notCopied = await RefuseAsync(name, Encoding.UTF8.GetBytes(string.Format(CultureInfo.InvariantCulture, text, Card(7))));

        Assert.Contains("the file holds direct identifiers that the definition does not allow: card numbers.", notCopied, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(22)]
    public async Task BuildAsync_CardNumberInLinesWhereABlockEnds_IsNotCopied(int before)
    {
        const int BlockBytes = 256 * 1024;
        var text = "Age,Card\n".PadRight(BlockBytes - before - 1, 'x') + ",\"4111\r\n1111\r\n1111\r\n1111\"\n";

        Assert.Contains("card numbers", await RefuseAsync("a.txt", Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv", "utf-16")]
    [InlineData("a.tsv", "utf-16BE")]
    [InlineData("a.jsonl", "utf-16")]
    [InlineData("a.txt", "utf-32")]
    [InlineData("a.txt", "utf-32BE")]
    [InlineData("a.dat", "IBM037")]
    public async Task BuildAsync_TextInAnEncodingThatIsNotRead_IsNotCopied(string name, string encoding)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

        var notCopied = await RefuseAsync(name, Encoding.GetEncoding(encoding).GetBytes($"Card,Age\n{Card(1)},5\n"));

        Assert.Contains(CannotBeLookedInto, notCopied, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_Latin1WithNoBreakSpaces_IsNotCopied() => Assert.Contains(
        "Byte 10 is not UTF-8", await RefuseAsync("a.csv", Encoding.Latin1.GetBytes("Card\n4111\u00A01111\u00A01111\u00A01111\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("a.csv.bz2", "BZh91AY&SY\0\u00FF")]
    [InlineData("a.db", "SQLite format 3\0")]
    [InlineData("a.npy", "\u0093NUMPY\u0001\0")]
    [InlineData("a.txt", "plain text, but for one character\u0002")]
    [InlineData("a.parquet", "PAR1")]
    [InlineData("a.csv.gz", "no gzip")]
    public async Task BuildAsync_FileThatCannotBeLookedInto_IsNotCopied(string name, string content) =>
        Assert.Contains(CannotBeLookedInto, await RefuseAsync(name, Encoding.Latin1.GetBytes(content)), StringComparison.Ordinal);

    [Theory]
    [InlineData("a.json")]
    [InlineData("a.txt")]
    [InlineData("a.jsonl")]
    public async Task BuildAsync_EscapedDigits_AreReadWhateverTheFileIsCalled(string name)
    {
        var escaped = string.Concat(Card(3).Select(c => $"\\u{(int)c:X4}"));

        var notCopied = await RefuseAsync(name, Encoding.UTF8.GetBytes($"{{\"Card\":\"{escaped}\",\"Age\":5}}\n"));

        Assert.Contains("card numbers", notCopied, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_EscapedMailAddress_IsFound() => Assert.Contains(
        "e-mail addresses", await RefuseAsync("a.txt", "{\"to\":\"jane\\u0040example.com\"}"u8.ToArray()), StringComparison.Ordinal);

    [Fact]
    public async Task BuildAsync_LinesOfFixedWidthWithCardNumbers_AreNotCopied()
    {
        var notCopied = await RefuseAsync("a.txt", Lines(100, i => $"{i + 1:D4}{Card(i)}EUR{i:D12}"));

        Assert.Contains("100 longer strings of digits in the file hold what are card numbers", notCopied, StringComparison.Ordinal);
        Assert.Contains("from digit 5 on", notCopied, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_RefusedLongNumbers_AreCopied()
    {
        var random = new Random(3);

        Assert.Null(await RefuseAsync("a.txt", Lines(20_000, _ => string.Concat(Enumerable.Range(0, 40).Select(_ => random.Next(10))))));
        Assert.Null(await RefuseAsync("b.txt", Lines(5000, i => $"2026013112{i:D4}000000004000{i:D12}00")));
        Assert.Null(await RefuseAsync("d.txt", Lines(20_000, _ => $"x,{random.NextInt64(4_000_000_000_000_000, 4_999_999_999_999_999)},5")));
        Assert.Null(await RefuseAsync("c.txt", Lines(5000, _ => random.NextDouble().ToString("F18", CultureInfo.InvariantCulture))));
    }

    [Fact]
    public async Task BuildAsync_RefusedTextOfManyBlocks_IsCopiedUnlessItsEndHoldsACardNumber()
    {
        var text = new StringBuilder();
        while (text.Length < 700_000) text.Append("Größe, Länge, 日本語, 😀, 12.5 ").Append(text.Length % 7 == 0 ? "\n" : "x");
        var unbroken = new string('é', 700_001);

        Assert.Null(await RefuseAsync("a.txt", Encoding.UTF8.GetBytes(text.ToString())));
        Assert.Null(await RefuseAsync("b.txt", Encoding.UTF8.GetBytes($"x{unbroken}")));
        Assert.Null(await RefuseAsync("c.txt", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text.ToString())]));
        Assert.Contains("card numbers", await RefuseAsync("d.txt", Encoding.UTF8.GetBytes($"{text}{Card(1)}")), StringComparison.Ordinal);
        Assert.Contains("card numbers", await RefuseAsync("e.txt", Encoding.UTF8.GetBytes($"{unbroken} {Card(1)}")), StringComparison.Ordinal);
        Assert.Contains(CannotBeLookedInto, await RefuseAsync("f.txt", [.. Encoding.UTF8.GetBytes(unbroken), 0xC3]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4111111111111111 AS Card", "card numbers")]
    [InlineData("4111111111111111.0::DOUBLE AS Card", "card numbers")]
    [InlineData("['4111111111111111'] AS Card", CannotBeLookedInto)]
    [InlineData("4111111111111112 AS Card", null)]
    public async Task BuildAsync_RefusedParquet_IsNotCopiedIfAColumnHoldsCardNumbersOrCannotBeRead(string column, string? reason)
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var connection = DuckDbConnection.Open())
            {
                connection.Execute(
                    $"COPY (SELECT 'good' AS Status, i AS Age, {column} FROM range(100) r(i)) TO {DuckDbConnection.Literal(path)} (FORMAT parquet)", TestContext.Current.CancellationToken);
            }

            // The target is constant.
            var file = fixture.Add("a.parquet", await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
            var built = await fixture.BuildAsync(DatasetFixture.Definition + "\nignore: [Card]", file);

            Assert.Null(built.Result.Manifest);
            var notCopied = Assert.Single(built.Result.Sources).NotCopied;
            Assert.Equal(reason is null, notCopied is null);
            Assert.Contains(reason ?? "", notCopied ?? "", StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Lines(int count, Func<int, string> line) => Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, count).Select(line)));

    /// <summary>A number of Visa's with its check digit.</summary>
    private static string Card(int number)
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"417554{number * 7919L % 1_000_000_000:D9}");
        var sum = digits.Select((c, i) => (c - '0') * (i % 2 == 0 ? 2 : 1)).Sum(d => d > 9 ? d - 9 : d);
        return $"{digits}{(10 - (sum % 10)) % 10}";
    }

    private async Task<string?> RefuseAsync(string name, byte[] content)
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add(name, content));
        Assert.Null(built.Result.Manifest);
        return Assert.Single(built.Result.Sources).NotCopied;
    }
}
