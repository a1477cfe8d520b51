using System.Globalization;
using Serverless.Platform.Datasets;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>Columns and values that a model cannot be made of, and what is said of them.</summary>
public sealed class BadValueTests : IDisposable
{
    private readonly DatasetFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Theory]
    [InlineData("inf", "infinite")]
    [InlineData("-Infinity", "infinite")]
    [InlineData("∞", "infinite")]
    [InlineData("1e400", "beyond")]
    [InlineData("-3.5e38", "beyond")]
    [InlineData("1,5", "expected a number")]
    public async Task BuildAsync_NumberThatCannotBeComputedWith_IsRefusedWithItsRow(string value, string expected)
    {
        var text = DatasetFixture.Csv(200, change: (i, f) => [f[0], f[1], i == 50 ? $"\"{value}\"" : f[2], f[3]]);

        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", text));

        Assert.Equal((199L, 1L), (built.Manifest.Rows, built.Manifest.RefusedRows));
        var refusal = Assert.Single(Assert.Single(built.Result.Sources).RowRefusals);
        Assert.Contains(expected, refusal.Reason, StringComparison.Ordinal);
        Assert.Equal((50L, "Income", 51L), (refusal.Row, refusal.Column, refusal.Line));
        Assert.NotEmpty(refusal.Remedy);
    }

    [Fact]
    public async Task BuildAsync_LargestAndSmallestNumbers_AreTakenAsTheyAre()
    {
        string[] extremes = ["1e38", "-1e38", "1e-45", "-0", "1e-400"];
        var text = DatasetFixture.Csv(200, change: (i, f) => [f[0], f[1], i <= extremes.Length ? extremes[i - 1] : f[2], f[3]]);

        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", text));

        var income = built.Profile.Columns.Single(c => c.Name == "Income").Numbers;
        Assert.Equal(200, built.Manifest.Rows);
        Assert.Equal((-1e38, 1e38), (income!.Min, income.Max));
    }

    [Fact]
    public async Task BuildAsync_DatesInSeveralFormats_AreLeftOutWithWhatWasFound()
    {
        var mixed = DatasetFixture.Csv(200, change: (i, f) => [f[0], f[1], f[2], i % 4 == 0 ? $"{1 + (i % 9)}.1.2024" : $"2024-01-0{1 + (i % 9)}"]);
        var plain = DatasetFixture.Csv(200, change: (i, f) => [f[0], f[1], f[2], $"2024-01-0{1 + (i % 9)}"]);

        var left = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", mixed));
        var kept = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", plain));

        const string Found = "dates in more than one format: 150 as yyyy-MM-dd, 50 as dd.MM.yyyy; write all of them as yyyy-MM-dd";
        Assert.StartsWith(Found, Assert.Single(left.Manifest.Excluded).Reason, StringComparison.Ordinal);
        Assert.StartsWith($"'Home' is left out: {Found}", Assert.Single(left.Manifest.Warnings!), StringComparison.Ordinal);
        Assert.Contains(kept.Manifest.Features, f => f.Name == "Home");
        Assert.Null(kept.Manifest.Warnings);
    }

    [Theory]
    [InlineData("31/12/2021", "", 199)]
    [InlineData("31.12.2021", "", 200)]
    [InlineData("31.12.2021", "\nfeatures: { Home: date }", 200)]
    public async Task BuildAsync_OneDateInAnotherForm_CostsItsRowAtMost(string other, string role, int rows)
    {
        var text = DatasetFixture.Csv(200, change: (i, f) => [f[0], f[1], f[2], i == 77 ? other : $"2024-01-0{1 + (i % 9)}"]);

        var built = await fixture.BuildAsync(DatasetFixture.Definition + role, fixture.Add("a.csv", text));

        Assert.Equal(ColumnKind.Date, built.Manifest.Features.Single(f => f.Name == "Home").Kind);
        Assert.Equal(rows, built.Manifest.Rows);
        Assert.StartsWith("'Home' has dates in more than one format: 199 as yyyy-MM-dd, 1 as dd", Assert.Single(built.Manifest.Warnings!), StringComparison.Ordinal);
        Assert.All(built.Result.Sources[0].RowRefusals, r =>
        {
            Assert.Equal(("Home", 77L, other), (r.Column, r.Row, r.Reason.Split('\'')[1]));
            Assert.EndsWith("dates with slashes and the year at the end can be read in two ways, dd/MM/yyyy and MM/dd/yyyy, and are not read.", r.Reason, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task BuildAsync_DatesInSeveralFormatsInAColumnThatTheContractSaysHasDates_AreTaken()
    {
        var plain = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(200, change: (i, f) => [f[0], f[1], f[2], $"2024-01-0{1 + (i % 9)}"])));
        var mixed = DatasetFixture.Csv(200, seed: 2, change: (i, f) => [f[0], f[1], f[2], i % 4 == 0 ? $"{1 + (i % 9)}.1.2024" : $"2024-01-0{1 + (i % 9)}"]);

        var built = await fixture.BuildAsync(new DatasetBuilder { Contract = plain.Result.Contract }, DatasetFixture.Definition, fixture.Add("b.csv", mixed));

        Assert.Equal(ColumnKind.Date, built.Manifest.Features.Single(f => f.Name == "Home").Kind);
        Assert.Equal(200, built.Manifest.Rows);
    }

    [Fact]
    public async Task BuildAsync_IgnoredColumnThatNoFileHas_IsRefusedWhereAnotherIsMeant()
    {
        var meant = await fixture.BuildAsync(DatasetFixture.Definition + "\nignore: [income]", fixture.Add("a.csv", DatasetFixture.Csv(200)));
        var gone = await fixture.BuildAsync(DatasetFixture.Definition + "\nignore: [applicant_number]", fixture.Add("a.csv", DatasetFixture.Csv(200)));

        Assert.Null(meant.Result.Manifest);
        var refusal = Assert.Single(meant.Result.Refusals);
        Assert.Contains("'income'", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("'Income'", refusal.Remedy, StringComparison.Ordinal);
        Assert.Equal(200, gone.Manifest.Rows);
    }

    [Fact]
    public async Task BuildAsync_TwoThousandColumns_MakeADataset()
    {
        var names = string.Join(',', Enumerable.Range(0, 1996).Select(i => $"c{i}"));
        var text = DatasetFixture.Csv(80, change: (i, f) => [f[0], f[1], f[2], $"{f[3]},{string.Join(',', Enumerable.Range(0, 1996).Select(c => (i * (c + 7) % 101).ToString(CultureInfo.InvariantCulture)))}"])
            .Replace("Income,Home", $"Income,Home,{names}", StringComparison.Ordinal);

        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", text));

        Assert.Equal(1999, built.Manifest.Features.Count + built.Manifest.Excluded.Count);
        Assert.InRange(built.Manifest.Features.Count, 1900, 1999);
        Assert.Equal(80, built.Read(DataSplit.Train).RowCount + built.Read(DataSplit.HeldOut).RowCount);
    }
}
