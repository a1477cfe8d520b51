using System.Globalization;
using System.Text;
using Serverless.Platform.Datasets;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>Rows of frequent combinations of values, which are dealt one by one.</summary>
public sealed class AlikeRowsTests : IDisposable
{
    private readonly DatasetFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Theory]
    [InlineData("binary-classification")]
    [InlineData("regression")]
    public async Task BuildAsync_FewCombinationsOfValues_HoldsOutAFifthOfEach(string task)
    {
        var definition = task == "regression" ? DatasetFixture.Definition.Replace("binary-classification", task, StringComparison.Ordinal).Replace(", positive: bad", "", StringComparison.Ordinal) : DatasetFixture.Definition;
        var csv = FewCombinations(6_000, target: task == "regression" ? (_, random) => (100 * random.NextSingle()).ToString("F2", CultureInfo.InvariantCulture) : Outcome);

        var built = await fixture.BuildAsync(definition, fixture.Add("a.csv", csv));

        var (train, heldOut) = (built.Read(DataSplit.Train), built.Read(DataSplit.HeldOut));
        Assert.Equal(new AlikeRows(6_000, 6) { Possible = 6 }, built.Manifest.Alike);
        Assert.InRange(heldOut.RowCount, 1_100, 1_300);
        var shares = Combinations(heldOut).CountBy(c => c).ToDictionary();
        Assert.All(Combinations(train).CountBy(c => c), c => Assert.InRange(shares[c.Key] / (double)(shares[c.Key] + c.Value), 0.15, 0.25));
        Assert.Equal(6_000, train.RowHashes.Concat(heldOut.RowHashes).Distinct().Count());
        Assert.All(train.RowHashes, h => Assert.Equal(DataSplit.Train, HeldOutSplit.Of(h)));
        Assert.All(heldOut.RowHashes, h => Assert.Equal(DataSplit.HeldOut, HeldOutSplit.Of(h)));
        Assert.Contains("All rows are drawn one by one, since the values of their columns make 6 combinations at most", HeldOutSplit.Describe(built.Manifest), StringComparison.Ordinal);

        // Either part has the outcomes of the whole: what is left of a combination does not tell what was taken from it.
        var rates = Combinations(train).Zip(train.Labels).GroupBy(r => r.First, r => r.Second).ToDictionary(g => g.Key, g => g.Average());
        Assert.All(Combinations(heldOut).Zip(heldOut.Labels).GroupBy(r => r.First, r => r.Second), g => Assert.InRange(g.Average() / rates[g.Key], 0.75, 1.3));
    }

    [Fact]
    public async Task BuildAsync_AlikeRowsInAnotherOrderAndMoreOfThem_StayOnTheirSides()
    {
        var lines = FewCombinations(1_000).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var more = FewCombinations(500, seed: 2);
        string[] backwards = [lines[0], .. lines[1..].Reverse()];

        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", string.Join('\n', lines)));
        var turned = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("b.csv", string.Join('\n', backwards)));
        var grown = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", string.Join('\n', lines)), fixture.Add("more.csv", more));

        var (rows, grownRows) = (Rows(built), Rows(grown));
        Assert.Equal(rows.Order(), Rows(turned).Order());
        Assert.Equal(1_500, grownRows.Count);
        Assert.ProperSubset(grownRows, rows);
    }

    [Fact]
    public async Task BuildAsync_CopiesAndOneFrequentCombination_DealsOnlyTheLatterOneByOne()
    {
        // 400 cases, each twice, and 200 rows of nothing but the outcome.
        var header = "Status,Age,Income,Home\n";
        var cases = DatasetFixture.Csv(400)[header.Length..];
        var empty = string.Concat(Enumerable.Range(0, 200).Select(i => $"{(i % 3 == 0 ? "bad" : "good")},,,\n"));

        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", header + cases + empty + cases));

        Assert.Equal(new AlikeRows(200, 1), built.Manifest.Alike);
        var (train, heldOut) = (built.Read(DataSplit.Train), built.Read(DataSplit.HeldOut));
        Assert.Empty(train.RowHashes.Intersect(heldOut.RowHashes));
        Assert.Equal(600, train.RowHashes.Concat(heldOut.RowHashes).Distinct().Count());
        Assert.InRange(heldOut.Features.Numbers(0).Count(float.IsNaN), 25, 55);
        Assert.Contains("200 rows, of one combination of values that more than 1% of all rows have, are drawn one by one", HeldOutSplit.Describe(built.Manifest), StringComparison.Ordinal);
        Assert.Contains("800 rows have about 4", Assert.Single(built.Manifest.Warnings!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_MoreRowsThanCombinationsCouldBe_DealsAllOneByOne()
    {
        // Of 240 combinations none has one percent of the rows.
        var random = new Random(4);
        var csv = "Status,A,B,C\n" + string.Concat(Enumerable.Range(0, 6_000).Select(_ => $"{(random.Next(3) == 0 ? "bad" : "good")},{(random.Next(10) is > 0 and var a ? $"a{a}" : "")},b{random.Next(8)},c{random.Next(3)}\n"));

        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", csv));

        var alike = Assert.IsType<AlikeRows>(built.Manifest.Alike);
        Assert.Equal((6_000L, 240L), (alike.Rows, alike.Possible));
        Assert.Null(built.Manifest.Warnings);
        var (train, heldOut) = (built.Read(DataSplit.Train), built.Read(DataSplit.HeldOut));
        Assert.InRange(heldOut.RowCount, 1_080, 1_320);
        Assert.Equal(6_000, train.RowHashes.Concat(heldOut.RowHashes).Distinct().Count());
    }

    [Fact]
    public async Task BuildAsync_MoreRowsThanCombinationsButEachNumbered_IsTheDatasetThatItAlwaysWas()
    {
        var numbered = string.Join('\n', FewCombinations(1_000).TrimEnd().Split('\n').Select((line, i) => i == 0 ? $"{line},Case" : $"{line},case {i}"));

        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", numbered));

        Assert.Null(built.Manifest.Alike);
        Assert.Null(built.Manifest.Warnings);
        Assert.InRange(built.Read(DataSplit.HeldOut).RowCount, 150, 250);
    }

    [Fact]
    public async Task BuildAsync_NoFrequentCombination_IsTheDatasetThatItAlwaysWas()
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(600)));

        Assert.Null(built.Manifest.Alike);
        Assert.DoesNotContain("alike", Encoding.UTF8.GetString(built.Manifest.ToJson()), StringComparison.Ordinal);
        Assert.Equal(built.Manifest.Version, DatasetVersion.Of(DatasetFixture.Parse(DatasetFixture.Definition), built.Manifest.Sources.Select(s => s.ContentHash)));
    }

    [Theory]
    [InlineData("time: Age")]
    [InlineData("group: Home")]
    public async Task BuildAsync_SplitByTimeOrGroup_DealsByThatAlone(string split)
    {
        var built = await fixture.BuildAsync(
            DatasetFixture.Definition + $"\ntraining: {{ split: {{ {split} }} }}", fixture.Add("a.csv", FewCombinations(1_000, homes: 12)));

        Assert.Null(built.Manifest.Alike);
    }

    private static HashSet<(ulong, float, DataSplit)> Rows(BuiltDataset built) =>
    [
        .. new[] { DataSplit.Train, DataSplit.HeldOut }.SelectMany(split =>
        {
            var part = built.Read(split);
            return part.RowHashes.Zip(part.Labels, (hash, label) => (hash, label, split));
        }),
    ];

    private static IEnumerable<(float, string)> Combinations(LabeledTable table) => table.Features.Numbers(0).Zip(table.Features.Categories(1));

    private static string Outcome(int combination, Random random) => random.Next(10) < 2 + combination ? "bad" : "good";

    /// <summary>Rows of three ages and as many homes as said, two if nothing is.</summary>
    private static string FewCombinations(int rows, int seed = 1, int homes = 2, Func<int, Random, string>? target = null)
    {
        var random = new Random(seed);
        var csv = new StringBuilder("Status,Age,Home\n");
        for (var i = 0; i < rows; i++)
        {
            var (age, home) = (random.Next(3), random.Next(homes));
            csv.Append(CultureInfo.InvariantCulture, $"{(target ?? Outcome)(age + home, random)},{20 + (20 * age)},home {home}\n");
        }

        return csv.ToString();
    }
}
