using System.Globalization;
using System.Security.Cryptography;
using Serverless.Platform.Datasets.Identifiers;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Unit.Datasets.Identifiers;

public sealed class IdentifierNamesTests
{
    [Theory]
    [InlineData("ann.bob@bank.com-2024.csv", "[e-mail address]-2024.csv")]
    [InlineData("m/statement-ann.bob@bank.co.uk-2024-01.csv", "m/[e-mail address]-2024-01.csv")]
    [InlineData("ann.bob@bank.com.2024.csv", "[e-mail address].2024.csv")]
    [InlineData("ann.bob@bank.com2024.csv", "[e-mail address]2024.csv")]
    [InlineData("ann.bob@bank.com_2024.csv", "[e-mail address]_2024.csv")]
    [InlineData("ann.bob@bank.com-jan/part.csv", "[e-mail address]-jan/part.csv")]
    [InlineData("ann.bob@bank.com-2024.csv.gz", "[e-mail address]-2024.csv.gz")]
    [InlineData("ann.bob@gmail.com-export.jsonl", "[e-mail address]-export.jsonl")]
    [InlineData("ann.bob%40bank.com.csv", "[e-mail address].csv")]
    [InlineData("ann.bob＠bank.com.csv", "[e-mail address].csv")]
    [InlineData("ann@163.com-2024.csv", "[e-mail address]-2024.csv")]
    [InlineData("ann@bank.com-bob@bank.de-1.csv", "[e-mail address][e-mail address]-1.csv")]
    [InlineData("IBANGB82WEST12345698765432.csv", "IBAN[IBAN].csv")]
    [InlineData("GB82WEST12345698765432x.csv", "[IBAN]x.csv")]
    [InlineData("GB82WEST123456987654322024.csv", "[IBAN]2024.csv")]
    [InlineData("kontode89370400440532013000.csv", "konto[IBAN].csv")]
    [InlineData("a@b.4111111111111111.csv", "a@b.[card number].csv")]
    public void Refuse_NameWithAnIdentifierThatOthersTouch_HasItMasked(string name, string shown)
    {
        var file = Named(name);

        Assert.True(file.HoldsIdentifier());
        Assert.Equal($"{shown} (etag)", file.Masked().Name);
        Assert.Contains($"'{shown}'", IdentifierNames.Refuse(file).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a@b.csv")]
    [InlineData("a@b.csv.gz")]
    [InlineData("a@b.csv-2024.gz")]
    [InlineData("a@b.csv (2).gz")]
    [InlineData("sales@2026-11-22.v2.jsonl.gz")]
    [InlineData("part-0@eu-west.snappy.parquet")]
    [InlineData("package@1.2.3.rc-1.csv")]
    [InlineData("@bank.com-2024.csv")]
    [InlineData("off-50%40.csv")]
    [InlineData("no72-2026-11-22.csv")]
    [InlineData("GB82WEST12345698765433x.csv")]
    public void HoldsIdentifier_OtherNames_IsFalse(string name) => Assert.False(IdentifierNames.HoldsIdentifier(name));

    [Theory]
    [InlineData("uuid")]
    [InlineData("sha-256")]
    [InlineData("part of a sha-256")]
    [InlineData("base 36")]
    [InlineData("spark")]
    [InlineData("time stamps")]
    public void HoldsIdentifier_NamesThatToolsGive_AreTakenForOnesInFiveOfTenThousandAtMost(string what)
    {
        var random = new Random(17);

        var taken = Enumerable.Range(0, 10_000).Select(_ => Name(what, random)).Where(IdentifierNames.HoldsIdentifier).ToList();

        Assert.True(taken.Count <= 5, $"{taken.Count}: {string.Join(", ", taken.Take(10))}");
    }

    private static string Name(string what, Random random)
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return what switch
        {
            "uuid" => $"{new Guid(bytes[..16])}.csv",
            "sha-256" => $"export-{hash}.csv",
            "part of a sha-256" => $"x{hash}z.csv",
            "base 36" => $"{string.Concat(bytes.Select(b => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[b % 36]))}.csv",
            "spark" => $"part-00000-tid-{random.NextInt64(1_000_000_000_000_000_000, long.MaxValue)}-{new Guid(bytes[..16])}-{random.Next(900)}-c000.snappy.parquet",
            _ => "tube" + DateTime.UnixEpoch.AddSeconds(random.Next()).AddYears(30).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + ".csv",
        };
    }

    private static DroppedFile Named(string name) => new("training-data", name, "etag");
}
