using System.Globalization;
using System.Text;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>Direct identifiers in files to learn from: what becomes of them, and that they stand nowhere afterwards.</summary>
public sealed class IdentifierTests : IDisposable
{
    private const string Card = "4111111111111111";

    private static readonly string[] Cards = [Card, "5555555555554444", "378282246310005", "6011000990139424"];

    private readonly DatasetFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task BuildAsync_ColumnOfCardNumbers_IsRefusedWithoutQuotingOne()
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", WithColumn(i => Cards[i % 4])));

        var source = Assert.Single(built.Result.Sources);
        var refusal = Assert.Single(source.Refusals);
        Assert.True(source.HoldsIdentifiers);
        Assert.Equal("Extra", refusal.Column);
        Assert.Contains("is made of direct identifiers: 200 card numbers", refusal.Reason, StringComparison.Ordinal);
        AssertNowhere(built, Cards);
    }

    [Theory]
    [InlineData("data: { identifiers: mask }", "4111111111111111")]
    [InlineData("data: { identifiers: mask }", "4111-1111-1111-1111")]
    [InlineData("data: { identifiers: { card-number: mask } }", "4111111111111111.0")]
    [InlineData("", "jane.doe@example.com")]
    [InlineData("", "DE89370400440532013000")]
    [InlineData("", "+4915112345678")]
    public async Task BuildAsync_ColumnOfMaskedIdentifiers_IsLeftOutAndStoredNowhere(string policy, string value)
    {
        var built = await fixture.BuildAsync($"{DatasetFixture.Definition}\n{policy}", fixture.Add("a.csv", WithColumn(_ => value)));

        Assert.Equal(200, built.Manifest.Rows);
        Assert.Equal("Extra", Assert.Single(built.Manifest.Excluded).Name);
        Assert.Equal(("Extra", 200L), built.Manifest.Masked!.Select(m => (m.Column, m.Count)).Single());
        Assert.True(built.Result.Sources[0].HoldsIdentifiers);
        AssertNowhere(built, value);
    }

    [Fact]
    public async Task BuildAsync_FreeTextWithACardNumber_IsMaskedWithinTheText()
    {
        var built = await fixture.BuildAsync(
            DatasetFixture.Definition, fixture.Add("a.csv", WithColumn(i => i % 2 == 0 ? "paid by 4111 1111 1111 1111 today" : "paid in cash")));

        var texts = built.Profile.Columns.Single(c => c.Name == "Extra").TopCategories!;
        Assert.Equal(["paid by [card number] today", "paid in cash"], texts.Select(t => t.Value).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("1111", Encoding.UTF8.GetString(await File.ReadAllBytesAsync(built.Data, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("refuse", "asked for by jane.doe@example.com today", "1 e-mail address.")]
    [InlineData("{ e-mail: refuse }", "asked for by jane.doe@example.com today", "1 e-mail address.")]
    [InlineData("refuse", "paid by 4111 1111 1111 1111 today", "1 card number.")]
    [InlineData("{ card-number: mask }", "asked for by jane.doe@example.com today", null)]
    public async Task BuildAsync_OneIdentifierWithinATextWhereTheyAreRefused_RefusesTheFile(string policy, string value, string? reason)
    {
        var built = await fixture.BuildAsync(
            $"{DatasetFixture.Definition}\ndata: {{ identifiers: {policy} }}", fixture.Add("a.csv", WithColumn(i => i == 17 ? value : "nothing to see")));

        var source = Assert.Single(built.Result.Sources);
        Assert.True(source.HoldsIdentifiers);
        Assert.Equal(reason is null, source.IsAccepted);
        Assert.All(source.Refusals, r => Assert.Contains(reason!, r.Reason, StringComparison.Ordinal));
        AssertNowhere(built, "jane.doe", "1111 1111");
    }

    [Theory]
    [InlineData("4111.1111.1111.1111")]
    [InlineData("4111\u00A01111\u00A01111\u00A01111")]
    [InlineData("4111\u20111111\u20111111\u20111111")]
    [InlineData("4111  1111  1111  1111")]
    [InlineData("PAN4111111111111111")]
    [InlineData("0049 30 1234567 89")]
    [InlineData("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1")]
    [InlineData("4111:1111:1111:1111")]
    [InlineData("4111*1111*1111*1111")]
    [InlineData("0004111111111111111")]
    [InlineData("41111111111111111225")]
    [InlineData("4111111111111111=25121011234567")]
    public async Task BuildAsync_IdentifiersWrittenOtherwise_AreStoredNowhere(string value)
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition + "\ndata: { identifiers: mask }", fixture.Add("a.csv", WithColumn(_ => value)));

        Assert.Equal(("Extra", 200L), built.Manifest.Masked!.Select(m => (m.Column, m.Count)).Single());
        AssertNowhere(built, value);
    }

    [Fact]
    public async Task BuildAsync_CardNumbersWithinLongerNumbers_AreRefused()
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", WithColumn(i => $"{i + 1000}{CheckedCard(i)}20260131")));

        var refusal = Assert.Single(Assert.Single(built.Result.Sources).Refusals);
        Assert.Contains("is made of direct identifiers: 200 card numbers", refusal.Reason, StringComparison.Ordinal);
        AssertNowhere(built, [.. Enumerable.Range(0, 200).Select(CheckedCard)]);
    }

    [Fact]
    public async Task BuildAsync_IdentifiersThatAreAllowed_AreValuesAsAnyOther()
    {
        var built = await fixture.BuildAsync(
            DatasetFixture.Definition + "\ndata: { identifiers: allow }", fixture.Add("a.csv", WithColumn(i => i % 2 == 0 ? "a@example.com" : "b@example.com")));

        Assert.Null(built.Manifest.Masked);
        Assert.Contains(built.Profile.Columns.Single(c => c.Name == "Extra").TopCategories!, c => c.Value == "a@example.com");
    }

    [Fact]
    public async Task BuildAsync_CardNumbersInAnIgnoredColumn_AreReadOver()
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition + "\nignore: [Extra]", fixture.Add("a.csv", WithColumn(i => Cards[i % 4])));

        Assert.Equal(200, built.Manifest.Rows);
        AssertNowhere(built, Cards);
    }

    [Fact]
    public async Task BuildAsync_RandomNumbersOfSixteenDigits_AreNoCardNumbers()
    {
        var random = new Random(11);
        var text = DatasetFixture.Csv(2000, change: (i, f) => [.. f, random.NextInt64(1_000_000_000_000_000, 9_999_999_999_999_999).ToString(CultureInfo.InvariantCulture)])
            .Replace("Status,Age,Income,Home\n", "Status,Age,Income,Home,Extra\n", StringComparison.Ordinal);

        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", text));

        Assert.Null(built.Manifest.Masked);
        Assert.Contains(built.Manifest.Features, f => f.Name == "Extra");
    }

    [Fact]
    public async Task BuildAsync_MaskedAndNot_AreTwoVersions()
    {
        var file = fixture.Add("a.csv", WithColumn(_ => "jane.doe@example.com"));

        var masked = await fixture.BuildAsync(DatasetFixture.Definition, file);
        var allowed = await fixture.BuildAsync(DatasetFixture.Definition + "\ndata: { identifiers: allow }", file);

        Assert.NotEqual(masked.Manifest.Version, allowed.Manifest.Version);
    }

    [Fact]
    public async Task BuildAsync_FileWithoutAHeader_DoesNotRepeatItsFirstRow()
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", $"bad,{Card},jane.doe@example.com\ngood,{Card},jane.doe@example.com\n"));

        var refusal = Assert.Single(Assert.Single(built.Result.Sources).Refusals);
        Assert.Contains("column 2", refusal.Reason, StringComparison.Ordinal);
        Assert.True(built.Result.Sources[0].HoldsIdentifiers);
    }

    [Theory]
    [InlineData("a.csv", "Status,Note\nbad,4111111111111111\ngood,\"open\n")]
    [InlineData("a.csv", "Outcome,Note\nbad,4111111111111111\n")]
    [InlineData("a.txt", "Status,Note\nbad,4111111111111111\n")]
    [InlineData("a.jsonl", "{\"Status\":\"bad\",\"4111111111111111\":1,\"4111111111111111\":2}\n")]
    public async Task BuildAsync_RefusedForAnotherReason_IsNotCopiedForItsIdentifiers(string name, string text)
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add(name, text));

        var source = Assert.Single(built.Result.Sources);
        Assert.Contains("card numbers", source.NotCopied, StringComparison.Ordinal);
        Assert.DoesNotContain(source.Refusals, r => $"{r.Reason}{r.Column}".Contains(Card, StringComparison.Ordinal));
    }

    [Fact]
    public async Task BuildAsync_CardNumbersWithinLongerNumbersOfWhichSomeAreNone_AreMaskedWithTheirNumbers()
    {
        var built = await fixture.BuildAsync(
            DatasetFixture.Definition, fixture.Add("a.csv", WithColumn(i => i % 3 == 0 ? $"{i + 1000}{CheckedCard(i)}20260131" : $"{i + 1000}4175540000001234{i:D8}")));

        Assert.Equal("Extra", Assert.Single(built.Manifest.Masked!).Column);
        AssertNowhere(built, [.. Enumerable.Range(0, 200).Select(i => $"{i + 1000}{CheckedCard(i)}")]);
    }

    private static string CheckedCard(int number)
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"417554{number * 7919L % 1_000_000_000:D9}");
        var sum = digits.Select((c, i) => (c - '0') * (i % 2 == 0 ? 2 : 1)).Sum(d => d > 9 ? d - 9 : d);
        return $"{digits}{(10 - (sum % 10)) % 10}";
    }

    private static string WithColumn(Func<int, string> value) =>
        DatasetFixture.Csv(200, change: (i, f) => [.. f, value(i)]).Replace("Status,Age,Income,Home\n", "Status,Age,Income,Home,Extra\n", StringComparison.Ordinal);

    private static void AssertNowhere(BuiltDataset built, params IEnumerable<string> values)
    {
        var texts = Directory.GetFiles(built.Folder).Select(f => Encoding.Latin1.GetString(File.ReadAllBytes(f)))
            .Append(System.Text.Json.JsonSerializer.Serialize(built.Result)).ToList();
        foreach (var value in values)
        {
            Assert.All(texts, t => Assert.DoesNotContain(value[..8], t, StringComparison.Ordinal));
        }
    }
}
