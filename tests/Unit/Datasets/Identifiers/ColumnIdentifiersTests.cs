using System.Globalization;
using System.Text;
using Serverless.Platform.Datasets;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Definitions;

namespace Serverless.Tests.Unit.Datasets.Identifiers;

public sealed class ColumnIdentifiersTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(13)]
    [InlineData(19)]
    public void Decide_RandomNumbersOfACardsLength_AreNone(int digits)
    {
        var random = new Random(digits);
        Assert.Empty(Decide(Enumerable.Range(0, 20_000).Select(_ => Digits(random, digits))));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(24)]
    [InlineData(40)]
    public void Decide_RandomLongerNumbers_AreSeldomTakenForCardNumbers(int digits) => Assert.InRange(Taken(200, r => Digits(r, digits)), 0, 3);

    [Fact]
    public void Decide_ListsOfNumbers_AreSeldomTakenForCardNumbers()
    {
        Assert.InRange(Taken(200, r => List(r, ' ', 30, _ => Digits(r, r.Next(1, 4)))), 0, 1);
        Assert.InRange(Taken(200, r => List(r, ' ', 6, _ => Digits(r, 4))), 0, 1);
        Assert.InRange(Taken(200, r => List(r, '/', 10, _ => Digits(r, 4))), 0, 1);
        Assert.InRange(Taken(200, r => List(r, ':', 8, _ => Digits(r, 4))), 0, 1);
        Assert.InRange(Taken(200, r => List(r, ' ', 64, _ => Digits(r, 1))), 0, 1);
        Assert.InRange(Taken(200, r => $"{Digits(r, 3)}-{Digits(r, 3)}-{Digits(r, 4)} {Digits(r, 3)}-{Digits(r, 3)}-{Digits(r, 4)}"), 0, 1);

        static string List(Random random, char mark, int count, Func<int, string> number) => string.Join(mark, Enumerable.Range(0, count).Select(number));
    }

    [Theory]
    [InlineData("0001", "20260131")]
    [InlineData("00", "1299")]
    [InlineData("7", "")]
    [InlineData("", "000")]
    public void Decide_CardNumbersAtOnePlaceOfLongerNumbers_AreAColumn(string before, string after)
    {
        var random = new Random(11);
        var found = Assert.Single(Decide(Enumerable.Range(0, 100).Select(_ => before + Card(random) + after)));

        Assert.Equal((IdentifierKind.CardNumber, true), (found.Kind, found.IsColumn));
        Assert.InRange(found.Count, 100, 100);
    }

    [Theory]
    [InlineData("order 12 4111 1111 1111 1111 12 25, 3 items")]
    [InlineData("0004111111111111111")]
    [InlineData("41111111111111111225")]
    [InlineData("track 4111111111111111=2512101")]
    [InlineData("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1")]
    public void Decide_OneCardNumberAmongOtherDigits_IsFound(string text) => Assert.Equal(1, Assert.Single(Decide(["1234 5678", text, "nothing to see here at all"])).Count);

    [Fact]
    public void Decide_SerialNumbersThatBeginLikeACard_AreNone() =>
        Assert.Empty(Decide(Enumerable.Range(0, 5000).Select(i => (4_111_111_111_000_000L + i).ToString(CultureInfo.InvariantCulture))));

    [Fact]
    public void Decide_SmallColumnsOfSuchNumbers_AreSeldomTakenForCardNumbers()
    {
        var random = new Random(3);
        var taken = Enumerable.Range(0, 500).Count(_ => Decide(Enumerable.Range(0, 50).Select(_ => "4" + Digits(random, 15))).Count > 0);

        Assert.InRange(taken, 0, 5);
    }

    [Fact]
    public void Decide_CardNumbersAmongOthers_AreFoundAndCounted()
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, 1000).Select(i => i % 3 == 0 ? Card(random) : "4" + Digits(random, 15));

        var found = Assert.Single(Decide(values));

        Assert.Equal((IdentifierKind.CardNumber, false), (found.Kind, found.IsColumn));
        Assert.InRange(found.Count, 334, 480);
    }

    [Fact]
    public void Decide_OneCardNumberInFreeText_IsFound()
    {
        var found = Assert.Single(Decide(["nothing", "he gave 4111 1111 1111 1111", "nothing to see here at all"]));

        Assert.Equal((IdentifierKind.CardNumber, 1L, false), (found.Kind, found.Count, found.IsColumn));
    }

    [Fact]
    public void Decide_ColumnOfCardNumbers_IsAColumn()
    {
        var random = new Random(7);
        var found = Assert.Single(Decide(Enumerable.Range(0, 100).Select(_ => Card(random))));

        Assert.Equal((IdentifierKind.CardNumber, 100L, true), (found.Kind, found.Count, found.IsColumn));
    }

    [Fact]
    public void Decide_NumbersWithAPlusSign_ArePhoneNumbersOnlyIfMostAre()
    {
        Assert.Empty(Decide(["+12345678", "-17", "+3", "+250", "-12345678"]));
        Assert.Equal(IdentifierKind.Phone, Assert.Single(Decide(["+4915112345678", "+12025550123", "3"])).Kind);
    }

    [Fact]
    public void Decide_KindThatIsAllowed_IsLeftAlone() =>
        Assert.Empty(Decide(["jane@example.com"], IdentifierPolicy.Default with { Email = IdentifierAction.Allow }));

    private static List<FoundIdentifiers> Decide(IEnumerable<string> values, IdentifierPolicy? policy = null)
    {
        var column = new ColumnIdentifiers(new EmbeddedCardNumbers());
        var count = 0;
        foreach (var value in values)
        {
            count++;
            column.Count(Encoding.UTF8.GetBytes(value), ValueParser.TryNumber(value, out _));
        }

        return [.. column.Decide("column", count, policy ?? IdentifierPolicy.Default)];
    }

    /// <summary>How many of 100 columns are taken for columns with card numbers.</summary>
    private static int Taken(int rows, Func<Random, string> value) => Enumerable.Range(0, 100).Count(column =>
    {
        var random = new Random(column);
        return Decide(Enumerable.Range(0, rows).Select(_ => value(random))).Exists(f => f.Kind == IdentifierKind.CardNumber);
    });

    private static string Digits(Random random, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + random.Next(10))));

    private static string Card(Random random)
    {
        var digits = "4" + Digits(random, 14);
        var sum = digits.Reverse().Select((c, i) => i % 2 == 1 ? c - '0' : c > '4' ? (2 * (c - '0')) - 9 : 2 * (c - '0')).Sum();
        return digits + (char)('0' + ((10 - (sum % 10)) % 10));
    }
}
