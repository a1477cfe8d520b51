using System.Globalization;
using Serverless.Platform.Datasets;
using Serverless.Platform.Datasets.Contracts;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Integration.Datasets;

/// <summary>Files held against a contract: what is refused row by row, and when the whole file is.</summary>
public sealed class ContractTests : IDisposable
{
    private readonly DatasetFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task BuildAsync_FirstFile_InfersAContractThatItKeepsTo()
    {
        var file = fixture.Add("a.csv", DatasetFixture.Csv(2000));
        var first = await fixture.BuildAsync(DatasetFixture.Definition, file);
        var contract = Assert.IsType<DataContract>(first.Result.Contract);

        var again = await BuildAsync(contract, file);

        Assert.Equal(ContractOrigin.Inferred, contract.Origin);
        Assert.Equal(["Age", "Home", "Income"], contract.Columns.Keys.Order());
        Assert.Equal(["other", "own", "rent"], contract.Columns["Home"].Values!);
        Assert.Equal(contract.Hash, first.Manifest.Contract);
        Assert.Equal((first.Manifest.Version, 0L), (again.Manifest.Version, again.Manifest.RefusedRows));
        Assert.Equal(File.ReadAllBytes(first.Data), File.ReadAllBytes(again.Data));
    }

    [Theory]
    [InlineData("Age", "900", "142", "contract.max")]
    [InlineData("Age", "-5", "at least 0", "contract.min")]
    [InlineData("Age", "young", "expects a number", "contract.type")]
    public async Task BuildAsync_RowsThatBreakTheContract_AreRefusedWithTheirReasons(string column, string value, string reason, string rule)
    {
        var contract = await InferAsync();
        var file = fixture.Add("b.csv", DatasetFixture.Csv(500, seed: 2, change: (i, f) => i is 7 or 300 ? Changed(f, column, value) : f));

        var built = await BuildAsync(contract, file);

        Assert.Equal((498L, 2L), (built.Manifest.Rows, built.Manifest.RefusedRows));
        Assert.Equal([7L, 300L], built.Result.Sources[0].RowRefusals.Select(r => r.Row));
        Assert.All(built.Result.Sources[0].RowRefusals, r => Assert.Contains(reason, r.Reason, StringComparison.Ordinal));
        Assert.All(built.Result.Sources[0].RowRefusals, r => Assert.Equal(column, r.Column));
        Assert.Equal(new RefusalCount(rule, column, 2), Assert.Single(built.Result.Sources[0].RowRefusalCounts));

        // What is no number is refused without a contract too.
        Assert.Equal(rule == "contract.type", (await fixture.BuildAsync(DatasetFixture.Definition, file)).Manifest.Version == built.Manifest.Version);
    }

    [Fact]
    public async Task BuildAsync_FilesThatTheInferredContractFirstReads_AreTheSameVersion()
    {
        var file = fixture.Add("a.csv", DatasetFixture.Csv(500, change: (i, f) => i % 50 == 0 ? Changed(f, "Age", "unknown") : i % 77 == 0 ? Changed(f, "Status", "") : f));

        var first = await fixture.BuildAsync(DatasetFixture.Definition, file);
        var again = await BuildAsync(first.Result.Contract!, file);

        Assert.Equal(16L, first.Manifest.RefusedRows);
        Assert.Equal((first.Manifest.Version, 16L), (again.Manifest.Version, again.Manifest.RefusedRows));
        Assert.Equal(File.ReadAllBytes(first.Data), File.ReadAllBytes(again.Data));
    }

    [Fact]
    public async Task BuildAsync_ContractsThatRefuseTheSameRows_MakeOneVersionAndOthersAnother()
    {
        var file = fixture.Add("a.csv", DatasetFixture.Csv(500, change: (i, f) => i is 7 ? Changed(f, "Age", "900") : i is 9 ? Changed(f, "Age", "150") : f));

        var lax = await BuildAsync(Given("Age", new ColumnContract { Type = ContractType.Number, Max = 500 }), file);
        var same = await BuildAsync(Given("Age", new ColumnContract { Type = ContractType.Number, Max = 600, Missing = 0.2 }), file);
        var strict = await BuildAsync(Given("Age", new ColumnContract { Type = ContractType.Number, Max = 100 }), file);
        var text = await BuildAsync(Given("Age", new ColumnContract { Type = ContractType.Text }), file);

        Assert.Equal((lax.Manifest.Version, 499L), (same.Manifest.Version, same.Manifest.Rows));
        Assert.Equal(3, new[] { lax, strict, text }.Select(b => b.Manifest.Version).Distinct().Count());
    }

    [Fact]
    public async Task BuildAsync_MoreRowsThanTheDefinitionAllows_RefuseTheFile()
    {
        var contract = await InferAsync();
        var good = fixture.Add("a.csv", DatasetFixture.Csv(500, seed: 2));
        var bad = fixture.Add("b.csv", DatasetFixture.Csv(500, seed: 3, change: (i, f) => i % 10 == 0 ? Changed(f, "Age", "900") : f));

        var usual = await BuildAsync(contract, good, bad);
        var strict = await BuildAsync(contract, DatasetFixture.Definition + "\ndata: { rejects: 0.05 }", good, bad);

        Assert.Equal((950L, true), (usual.Manifest.Rows, usual.Result.Sources[1].IsAccepted));
        Assert.Equal((500L, false), (strict.Manifest.Rows, strict.Result.Sources[1].IsAccepted));
        var refusal = Assert.Single(strict.Result.Sources[1].Refusals);
        Assert.Contains("50 for 'Age' (contract.max); at most 5%", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("definitions/credit-risk.contract.yaml", refusal.Remedy, StringComparison.Ordinal);
        Assert.Contains("data: { rejects: … }", refusal.Remedy, StringComparison.Ordinal);
        Assert.Equal(50, strict.Result.Sources[1].RowRefusals.Count);
        Assert.Equal(("credit-risk/b.csv", refusal.Reason), strict.Manifest.RefusedFiles!.Select(f => (f.Name, f.Reason)).Single());
        Assert.Null(usual.Manifest.RefusedFiles);
    }

    [Theory]
    [InlineData(100, 500)]  // 1% of 500: within what the contract lets pass
    [InlineData(20, 475)]   // 5%: beyond it, so these rows are refused
    public async Task BuildAsync_MissingOrUnseenValues_AreRefusedBeyondTheirShare(int every, long rows)
    {
        var contract = await InferAsync();

        var missing = await BuildAsync(contract, fixture.Add("m.csv", DatasetFixture.Csv(500, seed: 2, change: (i, f) => i % every == 0 ? Changed(f, "Income", "") : f)));
        var unseen = await BuildAsync(contract, fixture.Add("u.csv", DatasetFixture.Csv(500, seed: 3, change: (i, f) => i % every == 0 ? Changed(f, "Home", "castle") : f)));

        Assert.Equal((rows, rows), (missing.Manifest.Rows, unseen.Manifest.Rows));
    }

    [Fact]
    public async Task BuildAsync_FileWithoutAColumnOfTheContract_IsRefused()
    {
        var contract = await InferAsync();
        var text = string.Join('\n', DatasetFixture.Csv(500).Split('\n').Select(l => string.Join(',', l.Split(',').Take(3))));

        var built = await BuildAsync(contract, fixture.Add("b.csv", text));

        var refusal = Assert.Single(built.Result.Sources[0].Refusals);
        Assert.Equal("Home", refusal.Column);
        Assert.Contains("definitions/credit-risk.contract.yaml", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_UniqueColumn_RefusesWhatComesAgainInTheFile()
    {
        var contract = Given("Income", new ColumnContract { Type = ContractType.Text, Unique = true });
        var file = fixture.Add("a.csv", DatasetFixture.Csv(500, change: (i, f) => Changed(f, "Income", (i % 490).ToString(CultureInfo.InvariantCulture))));

        var built = await BuildAsync(contract, file, fixture.Add("b.csv", DatasetFixture.Csv(90, change: (i, f) => Changed(f, "Income", i.ToString(CultureInfo.InvariantCulture)))));

        Assert.Equal((580L, 10L), (built.Manifest.Rows, built.Manifest.RefusedRows));
    }

    [Theory]
    [InlineData("2026-03-20", true)]
    [InlineData("2026-01-01T00:00:00Z", false)]
    public async Task BuildAsync_DatesThatMustBeNew_AreHeldAgainstTheDrop(string newest, bool isAccepted)
    {
        var contract = Given("Income", new ColumnContract { Type = ContractType.Date, NewestWithin = TimeSpan.FromDays(30) });
        var file = fixture.Add("a.csv", DatasetFixture.Csv(500, change: (i, f) => Changed(f, "Income", i == 9 ? newest : $"2025-0{(i % 9) + 1}-11")))
            with
        { DroppedAt = new DateTimeOffset(2026, 4, 1, 12, 0, 0, TimeSpan.Zero) };

        var built = await BuildAsync(contract, file);

        Assert.Equal(isAccepted, built.Result.Sources[0].IsAccepted);
    }

    [Fact]
    public async Task BuildAsync_ColumnOfNumbersByContract_StaysOneWhateverComes()
    {
        var contract = await InferAsync();
        var file = fixture.Add("b.csv", DatasetFixture.Csv(500, seed: 2, change: (i, f) => i % 12 == 0 ? Changed(f, "Age", "unknown") : f));

        var built = await BuildAsync(contract, file);

        Assert.Equal(ColumnKind.Number, built.Manifest.Features.Single(f => f.Name == "Age").Kind);
        Assert.Equal(41L, built.Manifest.RefusedRows);
    }

    [Fact]
    public async Task BuildAsync_VersionAfterAnother_IsComparedWithIt()
    {
        var first = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(2000)));
        var file = fixture.Add("b.csv", DatasetFixture.Csv(2000, seed: 2, change: (i, f) => Changed(f, "Age", (40 + (i * 7 % 40)).ToString(CultureInfo.InvariantCulture)))
            .Replace("Home", "House", StringComparison.Ordinal));

        var next = await fixture.BuildAsync(new DatasetBuilder { Previous = first.Profile }, DatasetFixture.Definition, file);

        var comparison = next.Comparison!;
        Assert.Equal((first.Manifest.Version, next.Manifest.Version), (comparison.Before, comparison.After));
        Assert.Equal(("House", "Home"), (Assert.Single(comparison.Added), Assert.Single(comparison.Removed)));
        var (age, income) = (comparison.Columns.Single(c => c.Name == "Age"), comparison.Columns.Single(c => c.Name == "Income"));
        Assert.True(age.HasShifted);
        Assert.InRange(age.MeanShift!.Value, 0.4, 0.9);
        Assert.False(income.HasShifted);
        Assert.InRange(income.Stability!.Value, 0, 0.05);
    }

    [Fact]
    public async Task BuildAsync_Profile_CountsEachValueOnceInHistogramAndBands()
    {
        var built = await fixture.BuildAsync(
            DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(1000, change: (i, f) => i % 10 == 0 ? Changed(f, "Income", "") : i == 55 ? Changed(f, "Income", "1e9") : f)));

        var income = built.Profile.Columns.Single(c => c.Name == "Income");
        Assert.Equal((900L, 900L), (income.Histogram!.Counts.Sum(), income.Bands!.Counts.Sum()));
        Assert.InRange(income.Histogram.To, 8000, 9000);
        Assert.All(income.Bands.Counts, c => Assert.InRange(c, 80, 100));
        Assert.Contains("<svg", await File.ReadAllTextAsync(Path.Combine(built.Folder, DatasetBuilder.PageFile), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static string[] Changed(string[] fields, string column, string value)
    {
        fields[Array.IndexOf(["Status", "Age", "Income", "Home"], column)] = value;
        return fields;
    }

    private static DataContract Given(string column, ColumnContract said) =>
        new("credit-risk", ContractOrigin.Given, new Dictionary<string, ColumnContract> { [column] = said });

    private async Task<DataContract> InferAsync() =>
        (await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("first.csv", DatasetFixture.Csv(2000, seed: 9, change: (i, f) => i == 1 ? Changed(f, "Age", "80") : i == 2 ? Changed(f, "Age", "18") : f)))).Result.Contract!;

    private Task<BuiltDataset> BuildAsync(DataContract contract, params SourceFile[] files) => BuildAsync(contract, DatasetFixture.Definition, files);

    private Task<BuiltDataset> BuildAsync(DataContract contract, string definition, params SourceFile[] files) =>
        fixture.BuildAsync(new DatasetBuilder { Contract = contract }, definition, files);
}
