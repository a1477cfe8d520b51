using System.Globalization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Definitions;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>Parts of a dataset by time and by group.</summary>
public sealed class SplitTests : IDisposable
{
    private readonly DatasetFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task BuildAsync_SplitByDate_HoldsOutTheNewestFifth()
    {
        var definition = DatasetFixture.Definition + "\ntraining: { split: { time: Opened } }";

        var built = await fixture.BuildAsync(definition, fixture.Add("new.csv", Csv(250, 251)), fixture.Add("old.csv", Csv(250, 1)));

        var untimed = built.Read(DataSplit.Train).Keys!.Values.Count(k => k == 0);
        Assert.Equal(new DatasetSplitRule(SplitKind.Time, "Opened", "2021-02-04") { Untimed = untimed }, built.Manifest.SplitBy);
        Assert.Contains($" {untimed} row", built.Manifest.SplitBy!.Describe(), StringComparison.Ordinal);
        var (train, heldOut) = (built.Read(DataSplit.Train), built.Read(DataSplit.HeldOut));
        Assert.Equal((400, 100), (train.RowCount, heldOut.RowCount));
        var opened = built.Manifest.Features.Index().Single(f => f.Item.Name == "Opened").Index;
        Assert.True(train.Features.Numbers(opened).Where(d => !float.IsNaN(d)).Max() < heldOut.Features.Numbers(opened).Min());

        // Rows without a date can't be shown to be new.
        Assert.Contains(float.NaN, train.Features.Numbers(opened));
        Assert.Equal(train.Features.Numbers(opened).Select(d => float.IsNaN(d) ? 0 : 1 + (((ulong)d + 719162) * 86400)), train.Keys!.Values);
    }

    [Theory]
    [InlineData("2020", "2021", 0.5, "2021")]
    [InlineData("-1.5", "10000000000", 0.9, "10000000000")]
    [InlineData("2024-01-05 08:00", "2024-01-05T17:30:00Z", 0.75, "2024-01-05 17:30:00")]
    public async Task BuildAsync_SplitByFewTimes_PartsNone(string early, string late, double share, string from)
    {
        var definition = DatasetFixture.Definition + "\nignore: [Home]\ntraining: { split: { time: Home } }";
        var text = DatasetFixture.Csv(200, change: (i, f) => [f[0], f[1], f[2], i <= share * 200 ? early : late]);

        var built = await fixture.BuildAsync(definition, fixture.Add("a.csv", text));

        Assert.Equal(from, built.Manifest.SplitBy?.HeldOutFrom);
        Assert.Equal((int)(200 - (share * 200)), built.Read(DataSplit.HeldOut).RowCount);
    }

    [Fact]
    public async Task BuildAsync_SplitByGroup_HasNoGroupInTwoParts()
    {
        var definition = DatasetFixture.Definition + "\nsensitive: [Customer]\ntraining: { split: { group: Customer } }";

        var built = await fixture.BuildAsync(definition, fixture.Add("a.csv", Csv(600, 1)));

        var (train, heldOut) = (built.Read(DataSplit.Train).Sensitive["Customer"], built.Read(DataSplit.HeldOut).Sensitive["Customer"]);
        Assert.Empty(train.Where(c => c.Length > 0).Intersect(heldOut));
        Assert.Contains("", train);
        Assert.Contains("", heldOut);
        Assert.InRange(heldOut.Length, 60, 200);
        Assert.StartsWith("rows are split by it", built.Manifest.Excluded.Single(e => e.Name == "Customer").Reason, StringComparison.Ordinal);
        Assert.Null(built.Manifest.SplitBy?.HeldOutFrom);
    }

    [Fact]
    public async Task BuildAsync_SplitByChanceInWords_IsTheDatasetThatItAlwaysWas()
    {
        var csv = fixture.Add("a.csv", Csv(300, 1));
        var plain = await fixture.BuildAsync(DatasetFixture.Definition, csv);
        var said = await fixture.BuildAsync(DatasetFixture.Definition + "\ntraining: { split: random }", csv);

        Assert.Equal(plain.Manifest.Version, said.Manifest.Version);
        var cancelled = TestContext.Current.CancellationToken;
        Assert.Equal(await File.ReadAllBytesAsync(plain.Data, cancelled), await File.ReadAllBytesAsync(said.Data, cancelled));
        Assert.Null(plain.Manifest.SplitBy);
    }

    [Theory]
    [InlineData("time: Home", "0 dates and 0 numbers among 200 values")]
    [InlineData("time: Day", "no column 'Day', by which the definition splits rows")]
    [InlineData("time: Constant", "the same in all rows")]
    [InlineData("time: Mixed", "dates that can be read in two ways: 100 as yyyy-MM-dd, 100 as dd/MM/yyyy or MM/dd/yyyy")]
    [InlineData("group: Constant", "held-out part has no row")]
    public async Task BuildAsync_SplitThatCannotBe_IsRefused(string split, string expected)
    {
        var text = DatasetFixture.Csv(200, change: (i, f) => [.. f, "7", i % 2 == 0 ? "2024-01-05" : "5/1/2024"])
            .Replace("Income,Home\n", "Income,Home,Constant,Mixed\n", StringComparison.Ordinal);

        var built = await fixture.BuildAsync($"{DatasetFixture.Definition}\ntraining: {{ split: {{ {split} }} }}", fixture.Add("a.csv", text));

        Assert.Null(built.Result.Manifest);
        Assert.Contains(built.Result.Refusals.Concat(built.Result.Sources.SelectMany(s => s.Refusals)), r => r.Reason.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task BuildAsync_TimesOfSeveralFormsWithOneMeaning_AreTaken()
    {
        var built = await fixture.BuildAsync(
            DatasetFixture.Definition + "\ntraining: { split: { time: Opened } }",
            fixture.Add("old.csv", Csv(400, 1)), fixture.Add("new.csv", Dated(100, i => new DateOnly(2024, 1, 1).AddDays(i).ToString("dd.MM.yyyy", CultureInfo.InvariantCulture))));

        Assert.Equal("2024-01-02", built.Manifest.SplitBy?.HeldOutFrom);
        Assert.Equal(0, built.Manifest.RefusedRows);
    }

    [Theory]
    [InlineData("13/01/2024", "dates that can be read in two ways: 100 as dd/MM/yyyy")]
    [InlineData("soon", "0 dates and 0 numbers among 100 values")]
    [InlineData("17", "0 dates and 100 numbers among 100 values")]
    public async Task BuildAsync_AFileOfOtherTimes_IsRefusedAndTheOthersTaken(string time, string expected)
    {
        var definition = DatasetFixture.Definition + "\ntraining: { split: { time: Opened } }";

        var built = await fixture.BuildAsync(definition, fixture.Add("good.csv", Csv(200, 1)), fixture.Add("bad.csv", Dated(100, _ => time)), fixture.Add("more.csv", Csv(200, 201)));

        Assert.Equal(400, built.Manifest.Rows);
        var refused = Assert.Single(built.Result.Sources, s => !s.IsAccepted);
        Assert.EndsWith("bad.csv", refused.Name, StringComparison.Ordinal);
        Assert.Contains($"of which other files have dates in 'Opened', which has {expected}", Assert.Single(refused.Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_RowWithoutAReadableTime_IsRefused()
    {
        var built = await fixture.BuildAsync(
            DatasetFixture.Definition + "\nignore: [Opened]\ntraining: { split: { time: Opened } }",
            fixture.Add("a.csv", Csv(200, 1).Replace("2020-02-12", "someday", StringComparison.Ordinal)));

        var refusal = Assert.Single(Assert.Single(built.Result.Sources).RowRefusals);
        Assert.Equal("Opened", refusal.Column);
        Assert.Contains("'someday'", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal(199, built.Manifest.Rows);
    }

    private static string Dated(int rows, Func<int, string> opened) => DatasetFixture.Csv(rows, seed: 99, change: (i, f) => [.. f, opened(i), $"customer {i % 60}"])
        .Replace("Income,Home\n", "Income,Home,Opened,Customer\n", StringComparison.Ordinal);

    private static string Csv(int rows, int first) => DatasetFixture.Csv(rows, seed: first, change: (i, f) =>
    {
        var row = first + i - 1;
        var opened = row % 40 == 0 && row < 300 ? "" : new DateOnly(2020, 1, 1).AddDays(row - 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return [.. f, opened, row % 50 == 0 ? "" : $"customer {row % 60}"];
    }).Replace("Income,Home\n", "Income,Home,Opened,Customer\n", StringComparison.Ordinal);
}
