using System.Globalization;
using System.Text;
using Serverless.Platform.Datasets;
using Serverless.Platform.Storage;

namespace Serverless.Tests.Integration.Datasets;

public sealed class DatasetBuilderTests : IDisposable
{
    private readonly DatasetFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task BuildAsync_LikeRowsOfManyPossibleCombinations_AreKeptTogetherWhateverTheirOutcome()
    {
        var random = new Random(5);
        var rows = Enumerable.Range(0, 4_000).Select(_ => (A: random.Next(9), B: random.Next(8), C: random.Next(7), Bad: random.NextDouble() < 0.35)).ToArray();
        var csv = "a,b,c,d,Status\n" + string.Concat(rows.Select(r => $"a{r.A},b{r.B},c{r.C},d{((7 * r.A) + (5 * r.B) + r.C) % 11},{(r.Bad ? "bad" : "good")}\n"));

        var built = await fixture.BuildAsync(
            "model: credit-risk\ntask: binary-classification\ntarget: { column: Status, positive: bad }\n", fixture.Add("few.csv", Encoding.UTF8.GetBytes(csv)));

        var (train, heldOut) = (built.Read(DataSplit.Train), built.Read(DataSplit.HeldOut));
        Assert.Empty(Kinds(train).Intersect(Kinds(heldOut)));
        // Where the outcome decides on the side, what is left in one part tells those in the other: their shares then go apart.
        Assert.InRange(heldOut.Labels.Average() - train.Labels.Average(), -0.06, 0.06);
        Assert.InRange((double)heldOut.RowCount / rows.Length, 0.13, 0.27);
        Assert.Contains("4,000 rows have about 504 different combinations of values", Assert.Single(built.Manifest.Warnings!), StringComparison.Ordinal);

        static HashSet<string> Kinds(LabeledTable table) =>
            [.. Enumerable.Range(0, table.RowCount).Select(row => string.Join('|', table.Features.Columns.Select((_, c) => table.Features.Categories(c)[row])))];
    }

    [Fact]
    public async Task BuildAsync_FewRowsOfFewCombinations_AreRefusedWithWhatToBringWhereAPartGetsNone()
    {
        var refusals = new List<Refusal>();
        for (var draw = 0; draw < 20; draw++)
        {
            var csv = "a,b,Status\n" + string.Concat(Enumerable.Range(0, 56).Select(r => $"kind {r % 7} {draw},{r % 7},{(r % 14 < 7 ? "bad" : "good")}\n"));
            var built = await fixture.BuildAsync(
                "model: credit-risk\ntask: binary-classification\ntarget: { column: Status, positive: bad }\n", fixture.Add($"few-{draw}.csv", Encoding.UTF8.GetBytes(csv)));
            refusals.AddRange(built.Result.Refusals);
        }

        // Of seven kinds of eight rows each all are learned from in 21 of 100 cases.
        Assert.InRange(refusals.Count, 1, 10);
        Assert.All(refusals, r => Assert.Contains("these have few combinations of values: bring more rows", r.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public async Task BuildAsync_SampleData_HasItsExactCounts()
    {
        var definition = await File.ReadAllTextAsync(
            Path.Combine(Path.GetDirectoryName(DatasetFixture.SampleCsv)!, "definition.yaml"), TestContext.Current.CancellationToken);

        var built = await fixture.BuildAsync(definition, fixture.Add("credit_data.csv", await File.ReadAllBytesAsync(DatasetFixture.SampleCsv, TestContext.Current.CancellationToken)));

        var manifest = built.Manifest;
        Assert.Equal((4454L, 0L), (manifest.Rows, manifest.RefusedRows));
        Assert.Equal(new DatasetTarget("Status", "bad", "good", 1254, 3200), manifest.Target);
        Assert.Equal(13, manifest.Features.Count);
        Assert.Equal(["Home", "Marital", "Job"], manifest.Features.Where(f => f.Kind == ColumnKind.Category).Select(f => f.Name));
        Assert.Equal("Records", Assert.Single(manifest.Features, f => f.Kind == ColumnKind.Boolean).Name);
        Assert.Empty(manifest.Excluded);
        Assert.Equal([new SensitiveColumn("Age", true), new SensitiveColumn("Marital", true)], manifest.Sensitive);
        Assert.Equal(4454, manifest.Splits.Sum(s => s.Rows));
        Assert.InRange(manifest.Splits.Single(s => s.Split == DataSplit.HeldOut).Rows, 800, 980);

        var profile = built.Profile;
        Assert.Equal(manifest.Version, profile.Version);
        var income = profile.Columns.Single(c => c.Name == "Income");
        Assert.Equal((4073L, 381L, 351L), (income.Count, income.Missing, income.Distinct));
        Assert.Equal((6d, 959d), (income.Numbers!.Min, income.Numbers.Max));
        Assert.Equal(141.687, income.Numbers.Mean, 0.001);
        Assert.Equal(125, income.Numbers.Quantiles.Single(q => q.Probability == 0.5).Value);
        var home = profile.Columns.Single(c => c.Name == "Home");
        Assert.Equal((4448L, 6L, 6L), (home.Count, home.Missing, home.Distinct));
        Assert.Equal(new CategoryCount("owner", 2107), home.TopCategories![0]);

        var train = built.Read(DataSplit.Train);
        var heldOut = built.Read(DataSplit.HeldOut);
        Assert.Equal(1254, train.Labels.Sum() + heldOut.Labels.Sum());
        Assert.All(train.RowHashes, h => Assert.Equal(DataSplit.Train, HeldOutSplit.Of(h)));
        Assert.All(heldOut.RowHashes, h => Assert.Equal(DataSplit.HeldOut, HeldOutSplit.Of(h)));
        // Two rows are alike but for their outcome, and two alike in all.
        Assert.Equal(4451, train.RowHashes.Concat(heldOut.RowHashes).Distinct().Count());
        var incomes = train.Features.Numbers(IndexOf(manifest, "Income")).Concat(heldOut.Features.Numbers(IndexOf(manifest, "Income"))).ToList();
        Assert.Equal(381, incomes.Count(float.IsNaN));
        Assert.Equal(6, train.Features.Categories(IndexOf(manifest, "Home")).Concat(heldOut.Features.Categories(IndexOf(manifest, "Home"))).Count(h => h.Length == 0));
        Assert.Equal(train.Features.Categories(IndexOf(manifest, "Marital")), train.Sensitive["Marital"]);
        Assert.All(train.Sensitive["Age"], age => Assert.InRange(int.Parse(age, CultureInfo.InvariantCulture), 18, 68));
    }

    [Fact]
    public async Task BuildAsync_SameInputsInAnyOrder_GivesTheSameBytes()
    {
        var a = fixture.Add("a.csv", DatasetFixture.Csv(300, seed: 1));
        var b = fixture.Add("b.csv", DatasetFixture.Csv(200, seed: 2));

        var one = await fixture.BuildAsync(DatasetFixture.Definition, a, b);
        var other = await fixture.BuildAsync(DatasetFixture.Definition, b, a);

        Assert.Equal(500, one.Manifest.Rows);
        foreach (var file in new[] { DatasetBuilder.DataFile, DatasetBuilder.ProfileFile, DatasetBuilder.ManifestFile })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(one.Folder, file)), File.ReadAllBytes(Path.Combine(other.Folder, file)));
        }

        Assert.Equal(5, Directory.GetFileSystemEntries(one.Folder).Length);
        Assert.Equivalent(one.Manifest, DatasetManifest.FromJson(File.ReadAllBytes(Path.Combine(one.Folder, DatasetBuilder.ManifestFile))), strict: true);
    }

    [Fact]
    public async Task BuildAsync_SameContentUnderTwoNames_CountsOnce()
    {
        var text = DatasetFixture.Csv(300);

        var once = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", text));
        var twice = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("b.CSV", text), fixture.Add("a.csv", text));

        Assert.Equal(once.Manifest.Version, twice.Manifest.Version);
        Assert.Equal(300, twice.Manifest.Rows);
        Assert.Equal(["credit-risk/a.csv", null], twice.Result.Sources.Select(s => s.DuplicateOf));
        Assert.Equal(File.ReadAllBytes(once.Data), File.ReadAllBytes(twice.Data));
    }

    [Fact]
    public async Task BuildAsync_SameTableCompressedBesideIt_CountsOnce()
    {
        var text = DatasetFixture.Csv(300, change: (row, fields) => row == 7 ? [fields[0], "much", .. fields[2..]] : fields);
        var (plain, compressed) = (fixture.Add("a.csv", text), fixture.Add("a.csv.gz", DatasetFixture.Gzip(Encoding.UTF8.GetBytes(text))));

        var twice = await fixture.BuildAsync(DatasetFixture.Definition, plain, compressed, fixture.Add("other.csv.gz", DatasetFixture.Gzip(Encoding.UTF8.GetBytes(DatasetFixture.Csv(50)))));

        Assert.Equal(349, twice.Manifest.Rows);
        Assert.Equal(2, twice.Manifest.Sources.Count);
        var counted = twice.Result.Sources.Single(s => s.DuplicateOf is null && s.Rows == 300);
        var copy = twice.Result.Sources.Single(s => s.DuplicateOf is not null);
        Assert.Equal(counted.Name, copy.DuplicateOf);
        Assert.Equal((1, 1), (counted.RefusedRows, copy.RefusedRows));
    }

    [Fact]
    public async Task BuildAsync_ChangedContent_IsANewVersionAndKeepsRowsOnTheirSide()
    {
        var before = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(300)));
        var after = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(400)));

        Assert.NotEqual(before.Manifest.Version, after.Manifest.Version);
        Assert.Subset(after.Read(DataSplit.HeldOut).RowHashes.ToHashSet(), before.Read(DataSplit.HeldOut).RowHashes.ToHashSet());
        Assert.Subset(after.Read(DataSplit.Train).RowHashes.ToHashSet(), before.Read(DataSplit.Train).RowHashes.ToHashSet());
    }

    [Fact]
    public async Task BuildAsync_ReorderedColumnsAndAnotherDelimiter_GiveTheSameRows()
    {
        var lines = DatasetFixture.Csv(200).TrimEnd('\n').Split('\n').Select(l => l.Split(','));
        var reordered = string.Concat(lines.Select(f => $"\"{f[3]}\";{f[1]};{f[0]};{f[2]}.0\r\n"));

        var one = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(200)));
        var other = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", reordered.Replace("Income.0", "Income", StringComparison.Ordinal)));

        Assert.Equal(one.Read(DataSplit.Train).RowHashes, other.Read(DataSplit.Train).RowHashes);
        Assert.Equal(one.Read(DataSplit.HeldOut).RowHashes, other.Read(DataSplit.HeldOut).RowHashes);
    }

    [Fact]
    public async Task BuildAsync_QuotedLineBreaksAndDelimiters_AreKeptInValues()
    {
        var text = DatasetFixture.Csv(120, change: (i, f) => [f[0], f[1], f[2], i % 2 == 0 ? "\"a\nb, \"\"c\"\"\"" : "plain"]);

        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", text));

        Assert.Equal([new CategoryCount("a\nb, \"c\"", 60), new CategoryCount("plain", 60)], built.Profile.Columns.Single(c => c.Name == "Home").TopCategories!);
        Assert.Contains("a\nb, \"c\"", built.Read(DataSplit.Train).Features.Categories(2));
    }

    [Fact]
    public async Task BuildAsync_OnlyBadFiles_GivesNoDataset()
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", ""));

        Assert.Null(built.Result.Manifest);
        Assert.Contains("No file was accepted", Assert.Single(built.Result.Refusals).Reason, StringComparison.Ordinal);
        Assert.False(File.Exists(built.Data));
    }

    [Fact]
    public async Task BuildAsync_FewBadRows_AreRefusedWithTheirPlaces()
    {
        var text = DatasetFixture.Csv(200, change: (i, f) => i switch
        {
            7 => [f[0], "thirty", f[2], f[3]],
            9 => ["", f[1], f[2], f[3]],
            11 => ["baad", f[1], f[2], f[3]],
            13 => [f[0], "x", "1,000".Replace(",", " ", StringComparison.Ordinal), f[3]],
            _ => f,
        });

        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", text));

        var source = Assert.Single(built.Result.Sources);
        Assert.True(source.IsAccepted);
        Assert.Equal((200L, 4L, 196L, 4L), (source.Rows, source.RefusedRows, built.Manifest.Rows, built.Manifest.RefusedRows));
        Assert.Equal(
            [(7L, 8L, "Age"), (9L, 10L, "Status"), (11L, 12L, "Status"), (13L, 14L, "Age"), (13L, 14L, "Income")],
            source.RowRefusals.Select(r => (r.Row!.Value, r.Line!.Value, r.Column!)));
        Assert.Contains("'thirty'; expected a number", source.RowRefusals[0].Reason, StringComparison.Ordinal);
        Assert.Contains("is missing", source.RowRefusals[1].Reason, StringComparison.Ordinal);
        Assert.Contains("'baad'; expected 'bad' or 'good'", source.RowRefusals[2].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_ManyRefusedRows_KeepsABoundedListAndWholeCounts()
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(3000, change: (i, f) => i % 11 == 0 ? ["", f[1], f[2], f[3]] : f)));

        var source = Assert.Single(built.Result.Sources);
        Assert.Equal(272, source.RefusedRows);
        Assert.Equal(DatasetBuilder.MaxRowRefusals, source.RowRefusals.Count);
    }

    [Fact]
    public async Task BuildAsync_ExtraColumnInOneFile_IsLeftOutAndSaid()
    {
        var extra = DatasetFixture.Csv(100, seed: 5, change: (i, f) => [f[0], f[1], f[2], $"{f[3]},{i % 7}"]).Replace("Income,Home", "Income,Home,Extra", StringComparison.Ordinal);

        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(100)), fixture.Add("b.csv", extra));

        Assert.Equal(200, built.Manifest.Rows);
        Assert.Equal(new ExcludedColumn("Extra", "only 1 of 2 files has it"), Assert.Single(built.Manifest.Excluded));
    }

    [Fact]
    public async Task BuildAsync_UnfitColumns_AreLeftOutWithReasons()
    {
        var text = DatasetFixture.Csv(150, change: (i, f) => [f[0], f[1], f[2], $"{f[3]},c-{i:000},EUR,NA,{i % 4}"])
            .Replace("Income,Home", "Income,Home,id,currency,note,code", StringComparison.Ordinal);

        var built = await fixture.BuildAsync(DatasetFixture.Definition + "\nignore: [code, unknown]", fixture.Add("a.csv", text));

        Assert.Equal(["Age", "Income", "Home"], built.Manifest.Features.Select(f => f.Name));
        Assert.Equal(
            [
                new ExcludedColumn("id", "like an identifier: 150 distinct texts in 150 values"),
                new ExcludedColumn("currency", "constant: one value in every row"),
                new ExcludedColumn("note", "every value is missing"),
                new ExcludedColumn("code", "ignored by the definition"),
            ],
            built.Manifest.Excluded);
    }

    [Fact]
    public async Task BuildAsync_AColumnThatBecomesAFeatureAsDataGrows_LeavesRowsOnTheirSide()
    {
        var october = fixture.Add("october.csv", WithMonth(DatasetFixture.Csv(150), "oct"));
        var november = fixture.Add("november.csv", WithMonth(DatasetFixture.Csv(150, seed: 8), "nov"));

        var before = await fixture.BuildAsync(DatasetFixture.Definition, october);
        var after = await fixture.BuildAsync(DatasetFixture.Definition, october, november);

        Assert.DoesNotContain(before.Manifest.Features, f => f.Name == "month");
        Assert.Contains(after.Manifest.Features, f => f.Name == "month");
        Assert.Subset(after.Read(DataSplit.Train).RowHashes.ToHashSet(), before.Read(DataSplit.Train).RowHashes.ToHashSet());
        Assert.Subset(after.Read(DataSplit.HeldOut).RowHashes.ToHashSet(), before.Read(DataSplit.HeldOut).RowHashes.ToHashSet());

        static string WithMonth(string csv, string month) =>
            string.Join('\n', csv.TrimEnd('\n').Split('\n').Select((line, i) => i == 0 ? $"{line},month" : $"{line},{month}")) + "\n";
    }

    [Fact]
    public async Task BuildAsync_SensitiveAndIgnoredColumn_IsReadForSlicingOnly()
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition + "\nignore: [Home]\nsensitive: [Home, Age]", fixture.Add("a.csv", DatasetFixture.Csv(150)));

        Assert.Equal([new SensitiveColumn("Home", false), new SensitiveColumn("Age", true)], built.Manifest.Sensitive);
        var train = built.Read(DataSplit.Train);
        Assert.Equal(["Age", "Income"], train.Features.Columns.Select(c => c.Name));
        Assert.All(train.Sensitive["Home"], home => Assert.Contains(home, (string[])["own", "rent", "other"]));
        Assert.Equal(train.Features.Numbers(0).Select(a => a.ToString(CultureInfo.InvariantCulture)), train.Sensitive["Age"]);
    }

    [Fact]
    public async Task BuildAsync_SensitiveColumnMissing_IsRefusedWithTheNearestName()
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition + "\nsensitive: [Agee]", fixture.Add("a.csv", DatasetFixture.Csv(150)));

        var refusal = Assert.Single(Assert.Single(built.Result.Sources).Refusals);
        Assert.Contains("no column 'Agee'", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("'Age'", refusal.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("good", "'good' in 200 rows")]
    [InlineData("bad", "'bad' in 200 rows")]
    [InlineData("", "no value at all")]
    [InlineData("Bad", "'Bad' in 200 rows")]
    public async Task BuildAsync_TargetWithOneClass_IsRefused(string only, string expected)
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(200, change: (_, f) => [only, f[1], f[2], f[3]])));

        Assert.Null(built.Result.Manifest);
        var refusal = Assert.Single(built.Result.Refusals);
        Assert.Contains(expected, refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("expected two classes", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal("Status", refusal.Column);
    }

    [Fact]
    public async Task BuildAsync_ClassesInSeparateFiles_AreOneDataset()
    {
        var bad = fixture.Add("bad.csv", DatasetFixture.Csv(100, seed: 1, change: (_, f) => ["bad", f[1], f[2], f[3]]));
        var good = fixture.Add("good.csv", DatasetFixture.Csv(100, seed: 2, change: (_, f) => ["good", f[1], f[2], f[3]]));

        var built = await fixture.BuildAsync(DatasetFixture.Definition, bad, good);

        Assert.Equal((100L, 100L), (built.Manifest.Target.PositiveRows, built.Manifest.Target.NegativeRows));
    }

    [Fact]
    public async Task BuildAsync_NumericClassesWrittenTwoWays_AreTwoClasses()
    {
        var text = DatasetFixture.Csv(120, change: (i, f) => [i % 3 == 0 ? (i % 2 == 0 ? "1" : "1.0") : "0", f[1], f[2], f[3]]);

        var built = await fixture.BuildAsync(DatasetFixture.Definition.Replace("bad", "1", StringComparison.Ordinal), fixture.Add("a.csv", text));

        Assert.Equal(new DatasetTarget("Status", "1", "0", 40, 80), built.Manifest.Target);
    }

    [Theory]
    [InlineData(49, 3)]
    [InlineData(200, 21)]
    public async Task BuildAsync_TooFewRows_IsRefusedWithWhatIsNeeded(int rows, int every)
    {
        var built = await fixture.BuildAsync(
            DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(rows, change: (i, f) => [i % every == 0 ? "bad" : "good", f[1], f[2], f[3]])));

        Assert.Null(built.Result.Manifest);
        Assert.Contains("at least 50 rows and 10 of each class", Assert.Single(built.Result.Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_EveryRowTheSame_HasNoColumnToLearnFrom()
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(100, change: (_, f) => [f[0], "1", "2", "x"])));

        Assert.Contains("No column is left to learn from", Assert.Single(built.Result.Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_LargeFile_IsDeterministicAcrossRowGroups()
    {
        var source = fixture.Add("a.csv", DatasetFixture.Csv(260_000));

        var one = await fixture.BuildAsync(DatasetFixture.Definition, source);
        var other = await fixture.BuildAsync(DatasetFixture.Definition, source);

        Assert.Equal(File.ReadAllBytes(one.Data), File.ReadAllBytes(other.Data));
        var train = one.Read(DataSplit.Train);
        var heldOut = one.Read(DataSplit.HeldOut);
        Assert.Equal(260_000, train.RowCount + heldOut.RowCount);
        Assert.InRange(heldOut.RowCount, 50_000, 54_000);
        Assert.Empty(train.RowHashes.ToHashSet().Intersect(heldOut.RowHashes));
    }

    [Fact]
    public async Task Read_RowsComeInTheFilesOrder()
    {
        var built = await fixture.BuildAsync(
            DatasetFixture.Definition + "\nfeatures: { Age: numeric }", fixture.Add("a.csv", DatasetFixture.Csv(5000, change: (i, f) => [f[0], $"{i}", f[2], f[3]])));

        var ages = built.Read(DataSplit.Train).Features.Numbers(0);

        Assert.Equal(ages.Order(), ages);
        Assert.Equal(5000, ages.Concat(built.Read(DataSplit.HeldOut).Features.Numbers(0)).Distinct().Count());
    }

    [Fact]
    public async Task Read_ManifestOfAnotherDataset_Fails()
    {
        var built = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("a.csv", DatasetFixture.Csv(100)));
        var other = await fixture.BuildAsync(DatasetFixture.Definition, fixture.Add("b.csv", DatasetFixture.Csv(200, seed: 2)));

        var fault = Assert.Throws<DuckDbException>(() => DatasetReader.Read(built.Data, other.Manifest, DataSplit.Train, TestContext.Current.CancellationToken));
        Assert.Contains("not of one dataset", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_Cancelled_Throws()
    {
        var source = fixture.Add("a.csv", DatasetFixture.Csv(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new DatasetBuilder().BuildAsync(DatasetFixture.Parse(DatasetFixture.Definition), [source], Path.GetDirectoryName(source.Path)!, new CancellationToken(canceled: true)));
    }

    private static int IndexOf(DatasetManifest manifest, string feature) => manifest.Features.Select(f => f.Name).ToList().IndexOf(feature);
}
