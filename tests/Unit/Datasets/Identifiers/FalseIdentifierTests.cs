using System.Globalization;
using System.Text;
using Serverless.Platform.Datasets;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Definitions;

namespace Serverless.Tests.Unit.Datasets.Identifiers;

/// <summary>How often columns of other things are taken for card numbers, IBANs or telephone numbers.</summary>
public sealed class FalseIdentifierTests
{
    private const int Columns = 400;

    [Theory]
    [InlineData("uuid", 500)]
    [InlineData("uuid", 20)]
    [InlineData("uuid without hyphens", 500)]
    [InlineData("24 hexadecimal digits", 500)]
    [InlineData("sha-256", 500)]
    [InlineData("decimals", 200)]
    [InlineData("long decimals", 200)]
    [InlineData("exponents", 200)]
    [InlineData("amounts", 200)]
    [InlineData("amounts with points", 200)]
    [InlineData("dates with times", 200)]
    [InlineData("dates with points", 200)]
    [InlineData("time stamps", 200)]
    [InlineData("milliseconds", 200)]
    [InlineData("numbers with a prefix", 200)]
    [InlineData("padded numbers", 200)]
    [InlineData("addresses of machines", 200)]
    [InlineData("parts of numbers", 200)]
    [InlineData("figures by tabs", 200)]
    [InlineData("numbers by tabs", 200)]
    [InlineData("numbers by lines", 200)]
    public void Decide_ColumnsOfOtherThings_AreTakenForIdentifiersInOneOfAHundredAtMost(string what, int rows)
    {
        var random = new Random(41);
        var taken = Enumerable.Range(0, Columns).Count(_ => IsTaken(Enumerable.Range(0, rows).Select(i => Value(what, random, i))));

        Assert.InRange(taken, 0, Columns / 100);
    }

    [Theory]
    [InlineData("uuid", 500)]
    [InlineData("sha-256", 500)]
    [InlineData("decimals", 200)]
    [InlineData("long decimals", 200)]
    [InlineData("amounts", 200)]
    [InlineData("dates with times", 200)]
    [InlineData("time stamps", 200)]
    [InlineData("numbers with a prefix", 200)]
    [InlineData("padded numbers", 200)]
    [InlineData("thirty digits", 20)]
    [InlineData("thirty digits", 500)]
    [InlineData("fixed width", 500)]
    [InlineData("figures by tabs", 200)]
    [InlineData("numbers by tabs", 200)]
    [InlineData("numbers by lines", 200)]
    public void Describe_TextsOfOtherThings_AreNotCopiedInOneOfAHundredAtMost(string what, int rows)
    {
        var random = new Random(43);
        var taken = Enumerable.Range(0, Columns).Count(_ =>
        {
            var text = new TextIdentifiers();
            text.Count(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, rows).Select(i => $"{i},{Value(what, random, i)},{i % 7}\n"))));
            return text.Describe(IdentifierPolicy.Default) is not null;
        });

        Assert.InRange(taken, 0, Columns / 100);
    }

    private static bool IsTaken(IEnumerable<string> values)
    {
        var (column, count) = (new ColumnIdentifiers(), 0);
        foreach (var value in values)
        {
            count++;
            var utf8 = Encoding.UTF8.GetBytes(value);
            if (IdentifierFinder.MayHold(utf8))
            {
                column.Count(utf8, ValueParser.TryNumber(value, out _));
            }
        }

        return column.Decide("column", count, IdentifierPolicy.Default).Any();
    }

    private static string Value(string what, Random random, int row)
    {
        var moment = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(random.NextInt64(900_000_000));
        return what switch
        {
            "uuid" => Hex(random, 16).Insert(20, "-").Insert(16, "-").Insert(12, "-").Insert(8, "-"),
            "uuid without hyphens" => Hex(random, 16),
            "24 hexadecimal digits" => Hex(random, 12),
            "sha-256" => Hex(random, 32),
            "decimals" => Invariant($"{random.Next(100, 99999)}.{random.NextInt64(1_000_000_000, 9_999_999_999)}"),
            "long decimals" => random.NextDouble().ToString("R", CultureInfo.InvariantCulture),
            "exponents" => (random.NextDouble() * 1e-7).ToString("R", CultureInfo.InvariantCulture),
            "amounts" => (random.NextDouble() * 1e12).ToString("F2", CultureInfo.InvariantCulture),
            "amounts with points" => (random.NextDouble() * 1e13).ToString("N0", CultureInfo.InvariantCulture).Replace(',', '.'),
            "dates with times" => moment.ToString("yyyy-MM-dd HH-mm-ss.fff", CultureInfo.InvariantCulture),
            "dates with points" => moment.ToString("dd.MM.yyyy HH.mm.ss", CultureInfo.InvariantCulture),
            "time stamps" => moment.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture),
            "milliseconds" => Invariant($"{new DateTimeOffset(moment).ToUnixTimeMilliseconds()}"),
            "numbers with a prefix" => Invariant($"TXN{4_000_000_000_000_000 + (17L * row) + random.Next(5)}"),
            "thirty digits" => string.Concat(Enumerable.Range(0, 30).Select(_ => (char)('0' + random.Next(10)))),
            "fixed width" => Invariant($"{row:D8}{moment:yyyyMMdd}{random.Next(1, 99_999_999):D13}{moment.AddDays(30):yyyyMMdd}{random.Next(1, 9999):D10}EUR"),
            "figures by tabs" => $"\"{string.Join('\t', Enumerable.Range(0, 16 + random.Next(2)).Select(_ => random.Next(10)))}\"",
            "numbers by tabs" => $"\"{string.Join('\t', Enumerable.Range(0, 2 + random.Next(8)).Select(_ => random.Next(1000, 9999)))}\"",
            "numbers by lines" => $"\"{string.Join("\r\n", Enumerable.Range(0, 4).Select(_ => random.Next(3000, 6999)))}\"",
            "padded numbers" => Invariant($"{random.Next(1, 99_999_999):D12}"),
            "addresses of machines" => Invariant($"{random.Next(256)}.{random.Next(256)}.{random.Next(256)}.{random.Next(256)}:{random.Next(1024, 65535)}"),
            _ => Invariant($"{random.Next(1000, 9999)}/{random.Next(10, 99)}/{random.NextInt64(100_000_000, 999_999_999)}"),
        };
    }

    private static string Hex(Random random, int bytes)
    {
        var buffer = new byte[bytes];
        random.NextBytes(buffer);
        return Convert.ToHexStringLower(buffer);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
